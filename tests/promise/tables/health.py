"""Health checks of load balancers, on node-a, node-b and node-c."""

from dataclasses import replace

from svcproof.model.vocabulary import Feature
from svcproof.promise.services import HEADLESS, OTHER_PROXY
from svcproof.promise.world import Endpoint, Policy
from tests.promise.checking import Check
from tests.promise.scene import claiming, endpoints, pod_address, slices, web, world

LOCAL = web(external_policy=Policy.LOCAL, health_check_node_port=30100)
SIX = slices("", name="web-6", address_type="IPv6", endpoints=endpoints("a1 b1", 6))

CHECKED = (
    Check("ready endpoints of the node count", world("a1 a2 b1-unready", services=[LOCAL]), "200 2, 503 0, 503 0"),
    Check("endpoints that end do not count", world("a1-draining b1-gone c1", services=[LOCAL]), "503 0, 503 0, 200 1"),
    Check("ready and terminating", world("a1-published b1 b2-published", services=[LOCAL]), "200 or 503, 200 2, 503 0"),
    Check("no endpoint at all", world("", services=[LOCAL]), "503 0, 503 0, 503 0"),
    Check(
        "an endpoint of no node counts nowhere, and one without an address not at all",
        world(
            services=[LOCAL],
            slices=slices(
                "", endpoints=(Endpoint(addresses=(pod_address("a1"),)), Endpoint(addresses=(), node="node-b"))
            ),
        ),
        "503 0, 503 0, 503 0",
    ),
    Check(
        "an endpoint in two slices is one",
        world(services=[LOCAL], slices=slices("a1") + slices("a1 b1", name="web-2")),
        "200 1, 200 1, 503 0",
    ),
    Check(
        "an endpoint that slices disagree about may count, and counts where they agree",
        world(services=[LOCAL], slices=slices("a1 b1 b2") + slices("a1-unready b1-unready", name="web-2")),
        "200 or 503, 200, 503 0",
    ),
    Check(
        "an endpoint whose slice has no port of the Service may count",
        world(services=[LOCAL], slices=slices("a1", ports=()) + slices("b1", ports=(), name="web-2") + slices("b1")),
        "200 or 503, 200 1, 503 0",
    ),
    Check(
        "an endpoint whose slice may be ignored may count",
        world(services=[LOCAL], slices=slices("a1", labels={HEADLESS: ""})),
        "200 or 503, 503 0, 503 0",
    ),
    Check(
        "endpoints of others do not count",
        world(services=[LOCAL], slices=slices("a1", service="shop")),
        "503 0, 503 0, 503 0",
    ),
    Check(
        "of two families the number is open", world(services=[LOCAL], slices=slices("a1") + SIX), "200, 200 1, 503 0"
    ),
    Check(
        "policy Cluster has none",
        world("a1", services=[replace(LOCAL, external_policy=Policy.CLUSTER)]),
        "silent, silent, silent",
    ),
    Check("other types have none", world("a1", services=[replace(LOCAL, type="NodePort")]), "silent, silent, silent"),
    Check(
        "no port, no answer", world("a1", services=[replace(LOCAL, health_check_node_port=0)]), "silent, silent, silent"
    ),
    Check(
        "left to another proxy",
        world("a1", services=[replace(LOCAL, labels={OTHER_PROXY: ""})]),
        "silent, silent, silent",
    ),
    Check(
        "not claimed",
        claiming(world("a1", services=[LOCAL]), without=[Feature.HEALTH_CHECK_NODE_PORT]),
        "any, any, any",
    ),
)

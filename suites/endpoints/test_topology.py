"""Hints: which endpoints are meant for the clients of which zone."""

from svcproof import (
    CONTROLLERS,
    MUST,
    PROXY,
    SHOULD,
    Capability,
    Feature,
    answered_by,
    answered_within,
    behaviours,
    eventually,
)

from ..clauses import SAFEGUARDS, SERVICE
from ..slices import SLICES, slice_with

TRIES = 20
"""One of two backends is missed in 20 tries once in a million runs."""
DISTRIBUTION = SERVICE + "#traffic-distribution"
behaviour = behaviours(by=PROXY, level=SHOULD, spec=DISTRIBUTION, requires={Capability.TWO_ZONES})


def hinted(service, name, near, far, nodes, *, near_ready=True):
    """An EndpointSlice of a Service without selector: an endpoint for each of two zones."""
    zoned = ((near, nodes[0], near_ready), (far, nodes[1], True))
    endpoints = [
        {
            "addresses": [pod.address],
            "conditions": {"ready": ready, "serving": ready},
            "nodeName": node.name,
            "zone": node.zone,
            "hints": {"forZones": [{"name": node.zone}]},
        }
        for pod, node, ready in zoned
    ]
    return slice_with(service, name, endpoints)


@behaviour(by=CONTROLLERS, fails_under={"controllers/no-hints"}, kep=4444, since="1.33")
def test_traffic_distribution_gives_endpoints_hints_of_their_zone(echo, nodes):
    """With trafficDistribution PreferClose each endpoint is hinted for the zone it is in."""
    service = echo.service(trafficDistribution="PreferClose")

    zones = {node.name: node.zone for node in nodes}
    found = {
        (endpoint["addresses"][0], hint["name"])
        for piece in service.slices
        for endpoint in piece["endpoints"]
        for hint in endpoint.get("hints", {}).get("forZones", ())
    }

    assert found == {(pod.address, zones[pod.node]) for pod in echo.pods}, (
        "the EndpointSlices have these addresses and zones"
    )


@behaviour(
    requires={Feature.TRAFFIC_DISTRIBUTION}, fails_under={"proxy/topology-hints-ignored"}, kep=2433, since="1.33"
)
def test_endpoints_hinted_for_a_zone_serve_its_clients(echo, nodes, workbench, client):
    """A client's connections to a Service that prefers close endpoints go to those that are hinted for its own zone."""
    near, far = echo.pods[0], echo.pods[2]
    service = workbench.service(trafficDistribution="PreferClose")
    workbench.create(hinted(service, workbench.name("slice"), near, far, nodes))

    eventually(lambda: client.tcp(service.at_cluster_ip(), times=TRIES), answered_by({near.name}))


@behaviour(
    because="Hints say where traffic is best sent: a Service whose endpoints have some leads to these all the same.",
    level=MUST,
    fails_under={"proxy/endpoints-with-hints-unused"},
    kep=2433,
    since="1.33",
)
def test_service_with_hints_is_answered_by_its_endpoints(echo, nodes, workbench, clients, sweep):
    """Pods on every node are answered by endpoints of a Service whose endpoints have hints, whatever those say."""
    near, far = echo.pods[0], echo.pods[2]
    service = workbench.service(trafficDistribution="PreferClose")
    workbench.create(hinted(service, workbench.name("slice"), near, far, nodes))

    eventually(lambda: sweep(clients, [service.at_cluster_ip()], times=5), answered_within({near.name, far.name}))


@behaviour(
    because="A proxy that finds no endpoint with a hint for its own zone uses those of all zones.",
    otherwise="one that takes no notice of hints: it serves the endpoint too.",
    spec=SAFEGUARDS,
    level=MUST,
    fails_under={"proxy/hints-only-on-unready-blackhole"},
    kep=2433,
    since="1.33",
)
def test_endpoint_of_another_zone_serves_where_none_of_this_one_is_ready(echo, nodes, workbench, client):
    """A client whose zone has only endpoints that are not ready is answered by one hinted for another zone."""
    near, far = echo.pods[0], echo.pods[2]
    service = workbench.service(trafficDistribution="PreferClose")
    workbench.create(hinted(service, workbench.name("slice"), near, far, nodes, near_ready=False))

    eventually(lambda: client.tcp(service.at_cluster_ip(), times=5), answered_by({far.name}))


@behaviour(requires={Feature.TRAFFIC_DISTRIBUTION}, fails_under={"proxy/hint-edit-ignored"}, kep=2433, since="1.33")
def test_clients_follow_hints_that_change(echo, nodes, workbench, client):
    """When the hints of a Service's endpoints change, a client's connections go to those hinted for its zone now."""
    near, far = echo.pods[0], echo.pods[2]
    service = workbench.service(trafficDistribution="PreferClose")
    created = workbench.create(hinted(service, workbench.name("slice"), near, far, nodes))
    eventually(lambda: client.tcp(service.at_cluster_ip(), times=TRIES), answered_by({near.name}))

    swapped = [
        {**endpoint, "hints": other["hints"]}
        for endpoint, other in zip(created["endpoints"], reversed(created["endpoints"]), strict=True)
    ]
    workbench.kube.patch(SLICES, created["metadata"]["name"], service.namespace, {"endpoints": swapped})
    eventually(lambda: client.tcp(service.at_cluster_ip(), times=TRIES), answered_by({far.name}))

"""What a proxy does not claim: nothing is promised of it, but what holds anyway."""

from dataclasses import replace

from svcproof.model.probe import Protocol
from svcproof.model.vocabulary import Feature
from svcproof.promise.services import OTHER_PROXY
from svcproof.promise.world import Policy, Port, SlicePort, World
from tests.promise.scene import (
    EVERYTHING,
    LISTENERS,
    NODE_PORT,
    claiming,
    endpoints,
    slices,
    sticky,
    web,
    world,
)
from tests.promise.table import Table

SOME = ["pod a", "pod c", "outside"]
LOCAL = web(internal_policy=Policy.LOCAL, external_policy=Policy.LOCAL)
HINTS = {"a1": ("east", "node-a"), "b1": ("east", "node-b"), "c1": ("west", "node-c")}
HINTED = world(
    slices=slices(
        "",
        endpoints=tuple(
            replace(endpoints(name)[0], zones=frozenset({zone}), nodes=frozenset({node}))
            for name, (zone, node) in HINTS.items()
        ),
    )
)
SCTP = Port(port=80, node_port=NODE_PORT, protocol=Protocol.SCTP)
SAYS_SCTP = world(
    services=[web(ports=(SCTP,))],
    slices=slices("a1 b1", ports=(SlicePort(protocol=Protocol.SCTP, port=8080),)),
    listeners=tuple(replace(item, ports=frozenset({(Protocol.SCTP, 8080)})) for item in LISTENERS),
)
RANGED = world("a1", services=[web(source_ranges=("203.0.113.0/24",))])


def switched_off(scene: World) -> World:
    """The same world, under a proxy that is told not to serve externalIPs."""
    features = EVERYTHING - {Feature.EXTERNAL_IPS} | {Feature.EXTERNAL_IPS_OFF}
    return replace(scene, claims=replace(scene.claims, features=features))


TABLES = (
    Table(
        "externalIPs are not claimed for clients in the cluster",
        claiming(world("a1 b1"), without=[Feature.EXTERNAL_IPS_FROM_INSIDE]),
        """
                | cluster ip   | external ip
        pod a   | always a1 b1 | open a1* b1*
        host b  | always a1 b1 | open a1* b1*
        outside | open a1* b1* | always a1 b1
        """,
    ),
    Table(
        "internalTrafficPolicy is not claimed",
        claiming(world("a1 b1", services=[LOCAL]), without=[Feature.INTERNAL_TRAFFIC_POLICY]),
        """
                | cluster ip            | node port b  | node port c
        pod a   | always a1 b1*         | open a1* b1* | open a1* b1*
        pod c   | open a1* b1*, dropped | open a1* b1* | open a1* b1*, dropped
        outside | open a1* b1*          | always b1    | never, dropped
        """,
    ),
    Table(
        "externalTrafficPolicy is not claimed",
        claiming(world("a1 b1", services=[LOCAL]), without=[Feature.EXTERNAL_TRAFFIC_POLICY]),
        """
                | cluster ip     | node port b   | node port c           | balancer
        pod a   | always a1      | open a1* b1*  | open a1* b1*          | always a1 b1
        pod c   | never, dropped | open a1* b1*  | open a1* b1*, dropped | always a1 b1
        outside | open a1* b1*   | always a1* b1 | open a1* b1*, dropped | open a1* b1*, dropped
        """,
    ),
    Table(
        "the last resort is not claimed",
        claiming(world("a1-draining b1-unready"), without=[Feature.TERMINATING_ENDPOINTS]),
        """
                | cluster ip        | node port a       | node port b       | node port c       | balancer          | external ip
        pod a   | open a1*, refused | open a1*, refused | open a1*, refused | open a1*, refused | open a1*, refused | open a1*, refused
        pod c   | open a1*, refused | open a1*, refused | open a1*, refused | open a1*, refused | open a1*, refused | open a1*, refused
        outside | open a1*          | open a1*, refused | open a1*, refused | open a1*, refused | open a1*, refused | open a1*, refused
        """,
    ),
    Table(
        "the last resort is not claimed, and not needed",
        claiming(world("a1-draining b1"), without=[Feature.TERMINATING_ENDPOINTS]),
        """
                | cluster ip | node port b
        pod a   | always b1  | always b1
        pod c   | always b1  | always b1
        outside | open b1*   | always b1
        """,
    ),
    Table(
        "hints are not claimed",
        claiming(HINTED, without=[Feature.TRAFFIC_DISTRIBUTION]),
        """
                | cluster ip        | node port c
        pod a   | always a1 b1* c1* | always a1* b1* c1*
        pod c   | always a1* b1* c1 | always a1* b1* c1
        outside | open a1* b1* c1*  | always a1* b1* c1
        """,
    ),
    Table(
        "node ports are not claimed",
        claiming(world("a1 b1"), without=[Feature.NODE_PORT]),
        """
                | cluster ip   | node port a  | node port b  | node port c  | balancer     | external ip
        pod a   | always a1 b1 | open a1* b1* | open a1* b1* | open a1* b1* | always a1 b1 | always a1 b1
        pod c   | always a1 b1 | open a1* b1* | open a1* b1* | open a1* b1* | always a1 b1 | always a1 b1
        outside | open a1* b1* | open a1* b1* | open a1* b1* | open a1* b1* | always a1 b1 | always a1 b1
        """,
    ),
    Table(
        "addresses of load balancers are not claimed",
        claiming(world("a1 b1"), without=[Feature.LOAD_BALANCER]),
        """
                | cluster ip   | node port a  | node port b  | node port c  | balancer     | external ip
        pod a   | always a1 b1 | always a1 b1 | always a1 b1 | always a1 b1 | open a1* b1* | always a1 b1
        pod c   | always a1 b1 | always a1 b1 | always a1 b1 | always a1 b1 | open a1* b1* | always a1 b1
        outside | open a1* b1* | always a1 b1 | always a1 b1 | always a1 b1 | open a1* b1* | always a1 b1
        """,
    ),
    Table(
        "external IPs are not claimed",
        claiming(world("a1 b1"), without=[Feature.EXTERNAL_IPS]),
        """
                | cluster ip   | node port a  | node port b  | node port c  | balancer     | external ip
        pod a   | always a1 b1 | always a1 b1 | always a1 b1 | always a1 b1 | always a1 b1 | open a1* b1*
        pod c   | always a1 b1 | always a1 b1 | always a1 b1 | always a1 b1 | always a1 b1 | open a1* b1*
        outside | open a1* b1* | always a1 b1 | always a1 b1 | always a1 b1 | always a1 b1 | open a1* b1*
        """,
    ),
    Table(
        "external IPs are switched off",
        switched_off(world("a1 b1")),
        """
                | cluster ip   | node port a  | node port b  | node port c  | balancer     | external ip
        pod a   | always a1 b1 | always a1 b1 | always a1 b1 | always a1 b1 | always a1 b1 | never
        pod c   | always a1 b1 | always a1 b1 | always a1 b1 | always a1 b1 | always a1 b1 | never
        outside | open a1* b1* | always a1 b1 | always a1 b1 | always a1 b1 | always a1 b1 | never
        """,
    ),
    Table(
        "SCTP is not claimed",
        claiming(SAYS_SCTP, without=[Feature.SCTP]),
        """
                | cluster ip 80/sctp | 10.0.0.2 30080/sctp
        pod a   | open a1* b1*       | open a1* b1*
        pod c   | open a1* b1*       | open a1* b1*
        outside | open a1* b1*       | open a1* b1*
        """,
    ),
    Table(
        "the label of another proxy is not claimed",
        claiming(world("a1 b1", services=[web(labels={OTHER_PROXY: "other"})]), without=[Feature.SERVICE_PROXY_NAME]),
        """
                | cluster ip   | node port a  | node port b  | node port c  | balancer     | external ip
        pod a   | open a1* b1* | open a1* b1* | open a1* b1* | open a1* b1* | open a1* b1* | open a1* b1*
        pod c   | open a1* b1* | open a1* b1* | open a1* b1* | open a1* b1* | open a1* b1* | open a1* b1*
        outside | open a1* b1* | open a1* b1* | open a1* b1* | open a1* b1* | open a1* b1* | open a1* b1*
        """,
    ),
    Table(
        "source ranges are not claimed",
        claiming(RANGED, without=[Feature.LOAD_BALANCER_SOURCE_RANGES]),
        """
                | cluster ip | node port a | node port b | node port c | balancer | external ip
        pod a   | always a1  | always a1   | always a1   | always a1   | open a1* | always a1
        pod c   | always a1  | always a1   | always a1   | always a1   | open a1* | always a1
        outside | open a1*   | always a1   | always a1   | always a1   | open a1* | open a1*
        """,
    ),
    Table(
        "session affinity is not claimed",
        claiming(world("a1 b1", services=[web(affinity_seconds=60)]), without=[Feature.SESSION_AFFINITY]),
        """
                | cluster ip | node port b
        pod a   | 0          | 0
        pod c   | 0          | 0
        outside | 0          | 0
        """,
        sticky,
    ),
    Table(
        "what is claimed and not used changes nothing",
        claiming(
            world("a1 b1"),
            without=[Feature.SESSION_AFFINITY, Feature.TRAFFIC_DISTRIBUTION, Feature.TERMINATING_ENDPOINTS],
        ),
        """
                | cluster ip   | node port a  | node port b  | node port c  | balancer     | external ip
        pod a   | always a1 b1 | always a1 b1 | always a1 b1 | always a1 b1 | always a1 b1 | always a1 b1
        pod c   | always a1 b1 | always a1 b1 | always a1 b1 | always a1 b1 | always a1 b1 | always a1 b1
        outside | open a1* b1* | always a1 b1 | always a1 b1 | always a1 b1 | always a1 b1 | always a1 b1
        """,
    ),
)

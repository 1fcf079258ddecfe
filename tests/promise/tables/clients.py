"""Clients: the addresses that they are seen by, and their affinity."""

from dataclasses import replace

from svcproof.model.vocabulary import Feature
from svcproof.promise.world import Endpoint, Policy
from tests.promise.scene import (
    BALANCER,
    CLUSTER_IP,
    LISTENERS,
    NODES,
    SECOND_IP,
    claiming,
    endpoints,
    slices,
    source,
    sticky,
    web,
    world,
)
from tests.promise.table import Table

LOCAL = web(external_policy=Policy.LOCAL)
SIX = slices("", name="web-6", address_type="IPv6", endpoints=endpoints("a1 b1", 6))
ENTRIES = {BALANCER: frozenset({"node-a"}), "198.51.100.10": frozenset({"node-a", "node-b"})}
STICKY = web(affinity_seconds=60)
HOST_ENDPOINT = Endpoint(addresses=("10.0.0.2",), node="node-b")
STRANGER = Endpoint(addresses=("203.0.113.7",))
UNKNOWN = Endpoint(addresses=("10.244.2.77",), node="node-b")
ITSELF = Endpoint(addresses=("10.244.1.200",), node="node-a")
NOWHERE = replace(ITSELF, node="")
CLIENT_LISTENS = (*LISTENERS, replace(LISTENERS[0], name="pod-a", address="10.244.1.200"))


TABLES = (
    Table(
        "with policy Cluster a pod keeps its address at a ClusterIP, and a node one of its own",
        world("a1 b1"),
        """
                | cluster ip                                     | node port a | node port b | node port c | balancer | external ip
        pod a   | 10.244.1.200                                   | any         | any         | any         | any      | any
        pod b   | 10.244.2.200                                   | any         | any         | any         | any      | any
        pod c   | 10.244.3.200                                   | any         | any         | any         | any      | any
        host a  | 10.0.0.1 10.244.1.0/24 fd00:244:1::/64 fd00::1 | any         | any         | any         | any      | any
        host b  | 10.0.0.2 10.244.2.0/24 fd00:244:2::/64 fd00::2 | any         | any         | any         | any      | any
        host c  | 10.0.0.3 10.244.3.0/24 fd00:244:3::/64 fd00::3 | any         | any         | any         | any      | any
        outside | any                                            | any         | any         | any         | any      | any
        """,
        source,
    ),
    Table(
        "with externalTrafficPolicy Local clients outside keep theirs at all doors that it is for",
        world("a1 b1", services=[LOCAL], entries=ENTRIES),
        """
                | cluster ip                                     | node port a | node port b | node port c | balancer   | external ip
        pod a   | 10.244.1.200                                   | any         | any         | any         | any        | any
        pod b   | 10.244.2.200                                   | any         | any         | any         | any        | any
        pod c   | 10.244.3.200                                   | any         | any         | any         | any        | any
        host a  | 10.0.0.1 10.244.1.0/24 fd00:244:1::/64 fd00::1 | any         | any         | any         | any        | any
        host b  | 10.0.0.2 10.244.2.0/24 fd00:244:2::/64 fd00::2 | any         | any         | any         | any        | any
        host c  | 10.0.0.3 10.244.3.0/24 fd00:244:3::/64 fd00::3 | any         | any         | any         | any        | any
        outside | any                                            | 10.0.0.101  | 10.0.0.101  | any         | 10.0.0.101 | 10.0.0.101
        """,
        source,
    ),
    Table(
        "addresses are of the family that is asked",
        world(
            services=[web(cluster_ips=(CLUSTER_IP, SECOND_IP), external_policy=Policy.LOCAL)],
            slices=slices("a1 b1") + SIX,
        ),
        """
                | cluster ip                                     | fd00:96::10 80                                 | fd00::2 30080
        pod a   | 10.244.1.200                                   | fd00:244:1::200                                | any
        host b  | 10.0.0.2 10.244.2.0/24 fd00:244:2::/64 fd00::2 | 10.0.0.2 10.244.2.0/24 fd00:244:2::/64 fd00::2 | any
        outside | any                                            | any                                            | fd00::101
        """,
        source,
    ),
    Table(
        "an endpoint in a host network, one outside the cluster and the client itself may see any address",
        world(slices=slices("", endpoints=(*endpoints("a1"), HOST_ENDPOINT, STRANGER, ITSELF))),
        """
               | cluster ip
        pod a  | 10.244.1.200, any 10.0.0.2 10.244.1.200 203.0.113.7
        pod b  | 10.244.2.200, any 10.0.0.2 203.0.113.7
        host b | 10.0.0.2 10.244.2.0/24 fd00:244:2::/64 fd00::2, any 10.0.0.2 203.0.113.7
        """,
        source,
    ),
    Table(
        "a client that is an endpoint of no node may not reach itself",
        world(slices=slices("", endpoints=(*endpoints("b1"), NOWHERE)), listeners=CLIENT_LISTENS),
        """
              | cluster ip             | node port a
        pod a | open 10.244.1.200* b1* | open 10.244.1.200* b1*
        pod b | always 10.244.1.200 b1 | always 10.244.1.200 b1
        """,
    ),
    Table(
        "a client that is an endpoint of a node reaches itself",
        world(slices=slices("", endpoints=(*endpoints("b1"), ITSELF)), listeners=CLIENT_LISTENS),
        """
              | cluster ip             | node port a
        pod a | always 10.244.1.200 b1 | always 10.244.1.200 b1
        pod b | always 10.244.1.200 b1 | always 10.244.1.200 b1
        """,
    ),
    Table(
        "a pod's address is not claimed to be kept",
        claiming(world("a1 b1"), without=[Feature.CLIENT_ADDRESS]),
        """
                | cluster ip                                     | node port b
        pod a   | any                                            | any
        host b  | 10.0.0.2 10.244.2.0/24 fd00:244:2::/64 fd00::2 | any
        outside | any                                            | any
        """,
        source,
    ),
    Table(
        "a node of no known pod range may be seen by any address, and its pods are known by name",
        world(
            slices=slices("", endpoints=(*endpoints("a1"), UNKNOWN)),
            nodes=tuple(replace(node, pod_ranges=()) for node in NODES),
        ),
        """
                | cluster ip
        pod a   | 10.244.1.200, any 10.244.2.77
        host b  | any
        outside | any
        """,
        source,
    ),
    Table(
        "where nobody answers there is no source",
        world(""),
        """
                | cluster ip | node port b
        pod a   | any        | any
        host b  | any        | any
        outside | any        | any
        """,
        source,
    ),
    Table(
        "a client with affinity stays with its endpoint",
        world("a1 b1", services=[STICKY], entries=ENTRIES),
        """
                | cluster ip | node port a | node port b | node port c | balancer | external ip
        pod a   | 60         | 60          | 60          | 60          | 60       | 60
        host b  | 60         | 60          | 60          | 60          | 60       | 60
        outside | 0          | 60          | 60          | 60          | 60       | 0
        """,
        sticky,
    ),
    Table(
        "a client with affinity need not be spread",
        world("a1 b1", services=[STICKY], entries=ENTRIES),
        """
                | cluster ip     | node port a    | node port b    | node port c    | balancer       | external ip
        pod a   | always a1* b1* | always a1* b1* | always a1* b1* | always a1* b1* | always a1* b1* | always a1* b1*
        host b  | always a1* b1* | always a1* b1* | always a1* b1* | always a1* b1* | always a1* b1* | always a1* b1*
        outside | open a1* b1*   | always a1* b1* | always a1* b1* | always a1* b1* | always a1* b1* | always a1* b1*
        """,
    ),
    Table(
        "a client without affinity is spread",
        world("a1 b1"),
        """
                | cluster ip | node port b
        pod a   | 0          | 0
        host b  | 0          | 0
        outside | 0          | 0
        """,
        sticky,
    ),
    Table(
        "two Services at one address are no one that a client stays with",
        world(
            services=[STICKY, web(name="shop", cluster_ips=("10.96.0.11",), affinity_seconds=30, ingress=())],
            slices=slices("a1 b1"),
        ),
        """
                | external ip | cluster ip
        pod a   | 0           | 60
        host b  | 0           | 60
        outside | 0           | 0
        """,
        sticky,
    ),
    Table(
        "clients of several addresses may come from each, and those of no known address from any",
        world("a1 b1", services=[LOCAL]),
        """
                 | node port a
        roamer   | 10.0.0.102 203.0.113.9
        nameless | any
        """,
        source,
    ),
    Table(
        "internalTrafficPolicy Local keeps no address of clients outside",
        world("a1 b1", services=[web(internal_policy=Policy.LOCAL)]),
        """
                | cluster ip   | node port a
        pod a   | 10.244.1.200 | any
        outside | any          | any
        """,
        source,
    ),
)

"""Targets that are no door: ports beside doors, addresses of pods, nodes and clients, and those that nobody has."""

from dataclasses import replace

from svcproof.model.probe import Protocol
from svcproof.promise.world import Endpoint, Listener, Port, SlicePort
from tests.promise.scene import LISTENERS, NODES, endpoints, pod_address, slices, web, world
from tests.promise.table import Table

SOME = ["pod a", "host b", "outside"]
SSHD = Listener(name="sshd", node="node-b", address="10.0.0.2", ports=frozenset({(Protocol.TCP, 22)}))
SQUATTER = Listener(name="squatter", node="node-b", address="10.0.0.2", ports=frozenset({(Protocol.TCP, 30080)}))
LAPTOP = Listener(name="laptop", node="", address="203.0.113.5", ports=frozenset({(Protocol.TCP, 30080)}))
WIDE = (replace(NODES[0], addresses=("10.0.0.1", "10.9.0.1", "fd00::1")), *NODES[1:])
STRANGER = Endpoint(addresses=("203.0.113.7",))
DEAF = web(ports=(Port(port=80), Port(name="deaf", port=81)))

TABLES = (
    Table(
        "a port that no Service has at an address leads nowhere",
        world("a1 b1"),
        """
                | cluster ip 81 | cluster ip 8080 | balancer 81 | external ip 81 | 10.0.0.2 81 | cluster ip 80/udp | cluster ip 80/sctp
        pod a   | never         | never           | never       | never          | never       | never             | never
        host b  | never         | never           | never       | never          | never       | never             | never
        outside | never         | never           | never       | never          | never       | never             | never
        """,
    ),
    Table(
        "a node port is no port of other addresses",
        world("a1 b1"),
        """
                | cluster ip 30080 | balancer 30080 | external ip 30080 | 10.244.1.1 30080 | 10.0.0.2 80
        pod a   | never            | never          | never             | never            | never
        host b  | never            | never          | never             | never            | never
        outside | never            | never          | never             | never            | never
        """,
    ),
    Table(
        "an address that no Service has leads nowhere",
        world("a1 b1"),
        """
                | 10.96.0.99 80 | 192.0.2.99 80 | 198.51.100.99 80 | 10.244.1.77 8080 | 203.0.113.5 80
        pod a   | never         | never         | never            | never            | never
        host b  | never         | never         | never            | never            | never
        outside | never         | never         | never            | never            | never
        """,
    ),
    Table(
        "a node port may be served at an address that nobody is known to have",
        world("a1 b1-draining"),
        """
                | 203.0.113.5 30080 | 203.0.113.5 30081 | 203.0.113.5 30080/udp
        pod a   | open a1* b1*      | never             | never
        host b  | open a1* b1*      | never             | never
        outside | open a1* b1*      | never             | never
        """,
    ),
    Table(
        "a node port may be served at further addresses of nodes",
        world("a1 b1", nodes=WIDE),
        """
                | 10.0.0.1 30080 | 10.9.0.1 30080 | 10.9.0.1 80 | fd00::1 30080
        pod a   | always a1 b1   | open a1* b1*   | never       | never, refused
        host b  | always a1 b1   | open a1* b1*   | never       | never, refused
        outside | always a1 b1   | open a1* b1*   | never       | never, refused
        """,
    ),
    Table(
        "an address of another keeps its ports, also that which is a node port's number",
        world("a1 b1", listeners=(*LISTENERS, LAPTOP)),
        """
                | 203.0.113.5 30080        | 203.0.113.5 80
        pod a   | always 203.0.113.5:30080 | never
        host b  | always 203.0.113.5:30080 | never
        outside | open 203.0.113.5:30080*  | never
        """,
    ),
    Table(
        "a pod answers at its own address itself",
        world("b1"),
        """
                | 10.244.1.1 8080 | 10.244.1.1 8080/udp | 10.244.1.1 8080/http | 10.244.1.1 80 | 10.244.1.1 8080/sctp | fd00:244:1::1 8081
        pod a   | always a1       | always a1           | always a1            | never         | never                | always a1:8081
        host b  | always a1       | always a1           | always a1            | never         | never                | always a1:8081
        outside | open a1*        | open a1*            | open a1*             | never         | never                | open a1:8081*
        """,
    ),
    Table(
        "a process of a node answers at the node's address",
        world("a1", listeners=(*LISTENERS, SSHD)),
        """
                | 10.0.0.2 22        | 10.0.0.2 22/udp | 10.0.0.1 22 | cluster ip 22 | balancer 22
        pod a   | always 10.0.0.2:22 | never           | never       | never         | never
        host b  | always 10.0.0.2:22 | never           | never       | never         | never
        outside | always 10.0.0.2:22 | never           | never       | never         | never
        """,
    ),
    Table(
        "a process that listens at a node port may answer in its place",
        world("a1", listeners=(*LISTENERS, SQUATTER)),
        """
                | node port b                | node port a | 10.0.0.2 30080/udp
        pod a   | always 10.0.0.2:30080* a1* | always a1   | never
        host b  | always 10.0.0.2:30080* a1* | always a1   | never
        outside | always 10.0.0.2:30080* a1* | always a1   | never
        """,
    ),
    Table(
        "a pod whose address is an external IP may answer in the place of the Service",
        world("a1", services=[web(external_ips=(pod_address("c1"),), ports=(Port(port=8080),))]),
        """
                | 10.244.3.1 8080 | 10.244.3.1 8081
        pod a   | always a1* c1*  | always c1:8081
        host b  | always a1* c1*  | always c1:8081
        outside | open a1* c1*    | open c1:8081*
        """,
    ),
    Table(
        "a loopback address is the client's own",
        world("a1"),
        """
                | 127.0.0.1 30080 | 127.0.0.1 80 | ::1 30080
        pod a   | open anybody    | open anybody | open anybody
        host b  | open anybody    | open anybody | open anybody
        outside | open anybody    | open anybody | open anybody
        """,
    ),
    Table(
        "an endpoint at which nobody of ours listens may be silent",
        world(slices=slices("", endpoints=(*endpoints("a1"), STRANGER))),
        """
                | cluster ip            | node port b          | balancer
        pod a   | open 203.0.113.7* a1  | open 203.0.113.7* a1 | open 203.0.113.7* a1
        host b  | open 203.0.113.7* a1  | open 203.0.113.7* a1 | open 203.0.113.7* a1
        outside | open 203.0.113.7* a1* | open 203.0.113.7* a1 | open 203.0.113.7* a1
        """,
    ),
    Table(
        "an endpoint that does not listen over the protocol may be silent",
        world("a1", listeners=tuple(replace(item, ports=frozenset({(Protocol.UDP, 8080)})) for item in LISTENERS)),
        """
                | cluster ip | node port b
        pod a   | open a1*   | open a1*
        host b  | open a1*   | open a1*
        outside | open a1*   | open a1*
        """,
    ),
    Table(
        "an endpoint that listens at another port may be silent",
        world(services=[DEAF], slices=slices("a1 b1", ports=(SlicePort(port=8080), SlicePort(name="deaf", port=8082)))),
        """
                | cluster ip 80 | cluster ip 81
        pod a   | always a1 b1  | open a1:8082* b1:8082*
        host b  | always a1 b1  | open a1:8082* b1:8082*
        outside | open a1* b1*  | open a1:8082* b1:8082*
        """,
    ),
    Table(
        "an endpoint at a door may lead anywhere",
        world(
            slices=slices("", endpoints=(*endpoints("a1"), Endpoint(addresses=("10.96.0.11",)))),
            services=[
                web(),
                web(name="shop", cluster_ips=("10.96.0.11",), ports=(Port(port=8080),), external_ips=(), ingress=()),
            ],
        ),
        """
                | cluster ip   | node port b
        pod a   | open anybody | open anybody
        host b  | open anybody | open anybody
        outside | open anybody | open anybody
        """,
    ),
    Table(
        "an endpoint at a node port may lead anywhere",
        world(
            slices=slices("", endpoints=(Endpoint(addresses=("10.0.0.3",)),)),
            services=[
                web(),
                web(
                    name="shop",
                    cluster_ips=("10.96.0.11",),
                    ports=(Port(port=81, node_port=8080),),
                    external_ips=(),
                    ingress=(),
                ),
            ],
        ),
        """
                | cluster ip   | node port b
        pod a   | open anybody | open anybody
        host b  | open anybody | open anybody
        outside | open anybody | open anybody
        """,
    ),
)

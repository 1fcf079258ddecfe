"""Doors that Services share: addresses, ports and protocols."""

from dataclasses import replace

from svcproof.model.probe import Protocol
from svcproof.promise.world import Ingress, Policy, Port, Service, SlicePort
from tests.promise.scene import BALANCER, EXTERNAL, LISTENERS, NODE_PORT, slices, web, world
from tests.promise.table import Table

SOME = ["pod a", "host b", "outside"]
NOT_HANDLED = ["cluster ip", "node port b", "balancer", "external ip"]
ENTRIES = {BALANCER: frozenset({"node-a"}), EXTERNAL: frozenset({"node-b"})}
NOBODYS = {BALANCER: frozenset[str](), EXTERNAL: frozenset[str]()}
SHOP = slices("c1", service="shop")
UDP = Port(port=80, node_port=NODE_PORT, protocol=Protocol.UDP)
SCTP = Port(port=80, node_port=NODE_PORT, protocol=Protocol.SCTP)
HEARD = tuple(replace(item, ports=frozenset({(Protocol.SCTP, 8080)})) for item in LISTENERS)
LOCAL = web(external_policy=Policy.LOCAL)


def shop(**fields: object) -> Service:
    """A Service beside `web`, with addresses of its own."""
    usual = {
        "name": "shop",
        "cluster_ips": ("10.96.0.11",),
        "external_ips": (),
        "ingress": (),
        "ports": (Port(port=80),),
    }
    return web(**usual | fields)


TABLES = (
    Table(
        "two Services with one address and different ports are told apart",
        world(
            services=[web(), shop(type="LoadBalancer", ingress=(Ingress(address=BALANCER),), ports=(Port(port=81),))],
            slices=slices("a1") + SHOP,
        ),
        """
                | balancer  | balancer 81 | balancer 82 | cluster ip 81 | 10.96.0.11 81
        pod a   | always a1 | always c1   | never       | never         | always c1
        host b  | always a1 | always c1   | never       | never         | always c1
        outside | always a1 | always c1   | never       | never         | open c1*
        """,
    ),
    Table(
        "two Services with one address and port lead to either",
        world(services=[web(), shop(external_ips=(EXTERNAL,))], slices=slices("a1 b1") + SHOP),
        """
                | external ip        | cluster ip   | 10.96.0.11 80
        pod a   | always a1* b1* c1* | always a1 b1 | always c1
        host b  | always a1* b1* c1* | always a1 b1 | always c1
        outside | always a1* b1* c1* | open a1* b1* | open c1*
        """,
    ),
    Table(
        "two Services of which one has no endpoint may lead to nobody",
        world("a1 b1", services=[web(), shop(external_ips=(EXTERNAL,))]),
        """
                | external ip           | cluster ip   | 10.96.0.11 80
        pod a   | open a1* b1*, refused | always a1 b1 | never, refused
        host b  | open a1* b1*, refused | always a1 b1 | never, refused
        outside | open a1* b1*, refused | open a1* b1* | never
        """,
    ),
    Table(
        "one address of a Service twice is one door to its endpoints",
        world("a1 b1", services=[web(external_ips=(BALANCER,))]),
        """
                | balancer
        pod a   | always a1 b1
        host b  | always a1 b1
        outside | always a1 b1
        """,
    ),
    Table(
        "a number is a door over the protocols that have it",
        world(
            services=[web(ports=(UDP,))], slices=slices("a1 b1", ports=(SlicePort(protocol=Protocol.UDP, port=8080),))
        ),
        """
                | cluster ip 80 | cluster ip 80/udp | 10.0.0.2 30080 | 10.0.0.2 30080/udp
        pod a   | never         | always a1 b1      | never          | always a1 b1
        host b  | never         | always a1 b1      | never          | always a1 b1
        outside | never         | open a1* b1*      | never          | always a1 b1
        """,
    ),
    Table(
        "SCTP is a protocol like others",
        world(
            services=[web(ports=(SCTP,))],
            slices=slices("a1 b1", ports=(SlicePort(protocol=Protocol.SCTP, port=8080),)),
            listeners=HEARD,
        ),
        """
                | cluster ip 80 | cluster ip 80/sctp | 10.0.0.2 30080/sctp | balancer 80/sctp | external ip 80/udp
        pod a   | never         | always a1 b1       | always a1 b1        | always a1 b1     | never
        host b  | never         | always a1 b1       | always a1 b1        | always a1 b1     | never
        outside | never         | open a1* b1*       | always a1 b1        | always a1 b1     | never
        """,
    ),
    Table(
        "a Service without endpoints may refuse or drop what is not TCP",
        world("", services=[web(ports=(UDP, SCTP))]),
        """
                | cluster ip 80/udp | 10.0.0.2 30080/sctp | balancer 80/udp
        pod a   | never             | never               | never
        host b  | never             | never               | never
        outside | never             | never               | never
        """,
    ),
    Table(
        "with policy Local datagrams are dropped as well",
        world(
            services=[web(ports=(UDP,), internal_policy=Policy.LOCAL, external_policy=Policy.LOCAL)],
            slices=slices("a1", ports=(SlicePort(protocol=Protocol.UDP, port=8080),)),
        ),
        """
                | cluster ip 80/udp | 10.0.0.1 30080/udp | 10.0.0.2 30080/udp
        pod a   | always a1         | always a1          | open a1*
        host b  | never, dropped    | always a1          | open a1*, dropped
        outside | open a1*          | always a1          | never, dropped
        """,
    ),
    Table(
        "a node port is no port of another Service's addresses",
        world("a1", services=[web(), shop(type="NodePort", ports=(Port(port=80, node_port=30090),))]),
        """
                | cluster ip 30090 | 10.96.0.11 30090 | 10.96.0.11 30080 | balancer 30090 | external ip 30090
        pod a   | never            | never            | never            | never          | never
        host b  | never            | never            | never            | never          | never
        outside | never            | never            | never            | never          | never
        """,
    ),
)

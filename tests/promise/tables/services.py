"""Services of all types and labels, and their addresses."""

from dataclasses import replace

from svcproof.model.probe import Protocol
from svcproof.promise.services import HEADLESS, OTHER_PROXY
from svcproof.promise.world import Ingress, Policy, Port, Service
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
        "a headless Service is served nowhere",
        world("a1 b1", services=[web(cluster_ips=("None",))]),
        """
                | cluster ip | node port b | balancer | external ip
        pod a   | never      | never       | never    | never
        host b  | never      | never       | never    | never
        outside | never      | never       | never    | never
        """,
    ),
    Table(
        "a Service of type ExternalName is served nowhere",
        world("a1 b1", services=[web(type="ExternalName")]),
        """
                | cluster ip | node port b | balancer | external ip
        pod a   | never      | never       | never    | never
        host b  | never      | never       | never    | never
        outside | never      | never       | never    | never
        """,
    ),
    Table(
        "a Service that has no ClusterIP yet is served nowhere",
        world("a1 b1", services=[web(cluster_ips=())]),
        """
                | cluster ip | node port b | balancer | external ip
        pod a   | never      | never       | never    | never
        host b  | never      | never       | never    | never
        outside | never      | never       | never    | never
        """,
    ),
    Table(
        "a Service with the label of another proxy is left alone, whatever the label says",
        world("a1 b1", services=[web(labels={OTHER_PROXY: ""})]),
        """
                | cluster ip | node port b | balancer | external ip
        pod a   | never      | never       | never    | never
        host b  | never      | never       | never    | never
        outside | never      | never       | never    | never
        """,
    ),
    Table(
        "a Service with the label of headless ones may be left alone",
        world("a1 b1", services=[web(labels={HEADLESS: ""})]),
        """
                | cluster ip   | node port b  | balancer     | external ip
        pod a   | open a1* b1* | open a1* b1* | open a1* b1* | open a1* b1*
        host b  | open a1* b1* | open a1* b1* | open a1* b1* | open a1* b1*
        outside | open a1* b1* | open a1* b1* | open a1* b1* | open a1* b1*
        """,
    ),
    Table(
        "other labels change nothing",
        world("a1 b1", services=[web(labels={"app": "web"})]),
        """
                | cluster ip   | node port b  | balancer     | external ip
        pod a   | always a1 b1 | always a1 b1 | always a1 b1 | always a1 b1
        host b  | always a1 b1 | always a1 b1 | always a1 b1 | always a1 b1
        outside | open a1* b1* | always a1 b1 | always a1 b1 | always a1 b1
        """,
    ),
    Table(
        "a Service of type ClusterIP has no node port and no load balancer's address, whatever is left of them",
        world("a1 b1", services=[web(type="ClusterIP")]),
        """
                | cluster ip   | node port b | balancer | external ip
        pod a   | always a1 b1 | never       | never    | always a1 b1
        host b  | always a1 b1 | never       | never    | always a1 b1
        outside | open a1* b1* | never       | never    | always a1 b1
        """,
    ),
    Table(
        "a Service of type NodePort has no load balancer's address, whatever is left of it",
        world("a1 b1", services=[web(type="NodePort")]),
        """
                | cluster ip   | node port b  | balancer | external ip
        pod a   | always a1 b1 | always a1 b1 | never    | always a1 b1
        host b  | always a1 b1 | always a1 b1 | never    | always a1 b1
        outside | open a1* b1* | always a1 b1 | never    | always a1 b1
        """,
    ),
    Table(
        "a Service of type LoadBalancer may have no node ports",
        world("a1 b1", services=[web(ports=(Port(port=80),))]),
        """
                | cluster ip   | node port b | balancer     | external ip  | 10.0.0.2 80 | 10.0.0.2 0
        pod a   | always a1 b1 | never       | always a1 b1 | always a1 b1 | never       | never
        host b  | always a1 b1 | never       | always a1 b1 | always a1 b1 | never       | never
        outside | open a1* b1* | never       | always a1 b1 | always a1 b1 | never       | never
        """,
    ),
    Table(
        "a Service without addresses outside has its ClusterIP alone",
        world("a1 b1", services=[web(type="ClusterIP", ports=(Port(port=80),), external_ips=(), ingress=())]),
        """
                | cluster ip   | node port b | balancer | external ip
        pod a   | always a1 b1 | never       | never    | never
        host b  | always a1 b1 | never       | never    | never
        outside | open a1* b1* | never       | never    | never
        """,
    ),
    Table(
        "each address of a Service is served",
        world(
            "a1 b1",
            services=[
                web(
                    external_ips=(EXTERNAL, "198.51.100.11"),
                    ingress=(Ingress(address=BALANCER), Ingress(address="192.0.2.11")),
                )
            ],
        ),
        """
                | balancer     | 192.0.2.11 80 | external ip  | 198.51.100.11 80
        pod a   | always a1 b1 | always a1 b1  | always a1 b1 | always a1 b1
        host b  | always a1 b1 | always a1 b1  | always a1 b1 | always a1 b1
        outside | always a1 b1 | always a1 b1  | always a1 b1 | always a1 b1
        """,
    ),
    Table(
        "an address of ipMode Proxy is left to the load balancer, which may lead back",
        world(
            "a1 b1-draining",
            services=[web(ingress=(Ingress(address=BALANCER, vip=False), Ingress(address="192.0.2.11")))],
        ),
        """
                | balancer     | balancer 81 | 192.0.2.11 80 | node port a
        pod a   | open a1* b1* | never       | always a1     | always a1
        host b  | open a1* b1* | never       | always a1     | always a1
        outside | open a1* b1* | never       | always a1     | always a1
        """,
    ),
    Table(
        "an address of ipMode Proxy that no packet comes in for leads nowhere",
        world("a1 b1", services=[web(ingress=(Ingress(address=BALANCER, vip=False),))], entries=NOBODYS),
        """
                | balancer | node port a  | external ip
        pod a   | never    | always a1 b1 | always a1 b1
        host b  | never    | always a1 b1 | always a1 b1
        outside | never    | always a1 b1 | open a1* b1*
        """,
    ),
    Table(
        "an address of ipMode Proxy of a Service of another type leads nowhere",
        world("a1 b1", services=[web(type="NodePort", ingress=(Ingress(address=BALANCER, vip=False),))]),
        """
                | balancer
        pod a   | never
        host b  | never
        outside | never
        """,
    ),
    Table(
        "packets come in at the node that an address leads to",
        world("a1 b1", services=[LOCAL], entries=ENTRIES),
        """
                | balancer     | external ip  | node port c
        pod a   | always a1 b1 | always a1 b1 | open a1* b1*
        host b  | always a1 b1 | always a1 b1 | open a1* b1*, dropped
        outside | always a1    | always b1    | never, dropped
        """,
    ),
    Table(
        "an address that no packet comes in for may be out of reach of clients outside",
        world("a1 b1-draining", services=[LOCAL], entries=NOBODYS),
        """
                | balancer     | external ip
        pod a   | always a1    | always a1
        host b  | always a1    | always a1
        outside | open a1* b1* | open a1* b1*
        """,
    ),
    Table(
        "an external IP that is a node's address is asked at that node",
        world("a1 b1", services=[web(external_ips=("10.0.0.2",), external_policy=Policy.LOCAL)]),
        """
                | 10.0.0.2 80  | 10.0.0.1 80 | 10.0.0.2 81 | node port b
        pod a   | always a1 b1 | never       | never       | open a1* b1*
        host b  | always a1 b1 | never       | never       | always a1* b1
        outside | always b1    | never       | never       | always b1
        """,
    ),
)

"""Services whose external addresses are addresses of nodes, as those of load balancers that have no others are."""

from svcproof import MUST, PROXY, Capability, Feature, Protocol, behaviours, control

from ..clauses import SERVICE, VIRTUAL_IPS
from .world import BOTH, NOBODYS

BY_HAND = {"type": "LoadBalancer", "loadBalancerClass": NOBODYS}
ITS_PORTS = (
    "Only traffic for a port of the Service is led to its endpoints: what a node has at its other ports stays there."
)
behaviour = behaviours(
    by=PROXY,
    level=MUST,
    requires={Capability.HOST_NETWORK, Capability.TWO_NODES, Feature.NODE_PORT},
    alone=True,
)


def own_ports(workbench, nodes, host_port):
    """Targets on the network of the last node itself, over TCP and UDP, at which a pod of ours listens."""
    port = host_port()
    pods = workbench.pods(node=nodes[-1].name, host_network=True, tcp=(port,), udp=(port,), http=())
    return [pods.pods[0].at(port, protocol) for protocol in (Protocol.TCP, Protocol.UDP)]


def numbered(number):
    """Ports for both protocols with this number."""
    return [{**port, "port": number, "targetPort": 8080} for port in BOTH]


@behaviour(
    spec=SERVICE + "#external-ips",
    because=ITS_PORTS,
    requires={Feature.EXTERNAL_IPS},
    fails_under={"proxy/externalip-blocks-node-address", "proxy/externalip-hijacks-node-address"},
    kep=5707,
)
def test_node_whose_address_is_an_external_ip_keeps_its_other_ports(workbench, echo, nodes, host_port, everywhere):
    """At an externalIP that is the address of a node everybody reaches the Service at its port, and at other ports \
what the node has, node ports included."""
    own = own_ports(workbench, nodes, host_port)
    beside = echo.service(type="NodePort")
    with control("the node's own ports, and its node ports, answer before"):
        everywhere(beside, *own)
    service = echo.service(externalIPs=list(nodes[-1].addresses[:1]), ports=numbered(host_port()))

    everywhere(service, beside, *own)


@behaviour(
    spec=SERVICE + "#loadbalancer",
    because=ITS_PORTS,
    requires={Feature.LOAD_BALANCER},
    fails_under={"proxy/lb-ip-equal-node-ip-blocks-node", "proxy/lb-ip-hijacks-node-address"},
)
def test_node_whose_address_is_a_load_balancers_keeps_its_other_ports(workbench, echo, nodes, host_port, everywhere):
    """At a load balancer's addresses that are those of all nodes everybody reaches the Service at its port of each, \
and at other ports what the node has, node ports included."""
    own = own_ports(workbench, nodes, host_port)
    service = echo.service(**BY_HAND, ports=numbered(host_port()))
    with control("the node's own ports, and its node ports, answer before"):
        everywhere(service, *own)
    service.assign(*(node.addresses[0] for node in nodes))

    everywhere(service, *own)


@behaviour(
    spec=VIRTUAL_IPS + "#external-traffic-policy",
    because="Under policy Local a node hands traffic from outside to its own endpoints alone, and keeps its source.",
    requires={Capability.OUTSIDE_CLIENT, Feature.LOAD_BALANCER},
    fails_under={"proxy/servicelb-local-from-every-node"},
)
def test_local_policy_holds_where_a_load_balancer_has_the_nodes_addresses(db, nodes, host_port, everywhere):
    """With policy Local, and the addresses of all nodes in its status, a Service is reached from outside at the node \
that has its endpoint, which sees the client's address, and at no other."""
    service = db.service(**BY_HAND, externalTrafficPolicy="Local", ports=numbered(host_port()))
    service.assign(*(node.addresses[0] for node in nodes))

    everywhere(service)

"""Each door of a bystander stays as it is while another Service with the same door comes, changes and goes."""

from svcproof import MUST, PROXY, Capability, Feature, behaviours

from ..clauses import SERVICE, SERVICE_PROXY, VIRTUAL_IPS
from .neighbour import come_change_and_go

behaviour = behaviours(by=PROXY, level=MUST, spec=VIRTUAL_IPS)
EACH = "Traffic to the ClusterIP and port of each Service is redirected to an endpoint of that Service."


@behaviour(
    spec=SERVICE_PROXY + "#cluster-ips",
    because="A ClusterIP must be reachable from all pods and from all nodes, whatever other Services there are.",
    fails_under={"proxy/delete-takes-services-on-the-same-pods", "proxy/same-port-number-deleted-too"},
)
def test_cluster_ip_stays_served_beside_other_services(bystander, echo, clients, sweep):
    """A ClusterIP is served, from everywhere, while a Service of the same pods and port comes, changes and goes."""
    come_change_and_go(bystander, echo, clients, sweep)


@behaviour(because=EACH, fails_under={"proxy/udp-closed-by-a-udp-neighbour"})
def test_udp_service_stays_served_beside_other_services(bystander, echo, clients, sweep):
    """A UDP Service is served while another UDP Service of the same pods and port comes, changes and goes."""
    come_change_and_go(bystander, echo, clients, sweep, protocol="UDP")


@behaviour(because=EACH, fails_under={"proxy/tcp-neighbour-takes-udp-of-its-port"})
def test_tcp_and_udp_of_one_port_stay_served_beside_other_services(bystander, echo, clients, sweep):
    """A port of both protocols is served over each while a Service with its number over TCP alone comes and goes."""
    come_change_and_go(bystander, echo, clients, sweep)


@behaviour(
    spec=SERVICE + "#type-nodeport",
    because="Each node proxies the node port of a Service into that Service.",
    requires={Feature.NODE_PORT},
    fails_under={"proxy/node-ports-of-the-newest-service-alone"},
)
def test_node_port_stays_open_beside_other_services(bystander, echo, clients, sweep):
    """A node port leads to its Service at each node while another Service of type NodePort comes, changes and goes."""
    come_change_and_go(bystander, echo, clients, sweep, type="NodePort")


@behaviour(
    spec=SERVICE + "#loadbalancer",
    because="Traffic from the load balancer is directed at the backends of the Service that has its address.",
    requires={Capability.LOAD_BALANCER, Feature.LOAD_BALANCER},
    fails_under={"proxy/load-balancer-address-lost-to-a-newer-service", "proxy/lb-address-lost-with-neighbour"},
)
def test_load_balancer_address_stays_served_beside_other_services(bystander, echo, clients, sweep):
    """A load balancer's address is served while another Service of type LoadBalancer comes, changes and goes."""
    come_change_and_go(bystander, echo, clients, sweep, type="LoadBalancer")


@behaviour(
    spec=SERVICE + "#external-ips",
    because="Traffic that comes into the cluster for an externalIP and port of a Service is routed to its endpoints.",
    requires={Capability.EXTERNAL_ADDRESSES, Feature.EXTERNAL_IPS},
    kep=5707,
    fails_under={"proxy/shared-vip-unbound-on-delete"},
)
def test_external_ip_stays_served_beside_other_services(bystander, echo, clients, sweep):
    """An externalIP is served while another Service has it too, with another port, and gives it up."""
    (address,) = bystander.service("external-ip").spec["externalIPs"]
    come_change_and_go(bystander, echo, clients, sweep, externalIPs=[address], number=8000)

"""A node that gets another address, and loses it again, while its Services are in use."""

from svcproof import MAY, MUST, PROXY, Capability, Expired, answered, behaviours, control, eventually

from ..clauses import KEP, SERVICE
from .open_service import NEEDS, open_service

behaviour = behaviours(
    by=PROXY,
    requires={Capability.NODE_SHELL, Capability.OWN_NODES, Capability.OUTSIDE_CLIENT, *NEEDS},
    alone=True,
)


@behaviour(
    level=MUST,
    spec=SERVICE + "#type-nodeport",
    because="Every node proxies the node port, the same one on every node, into the Service.",
    fails_under={"proxy/node-ports-move-to-newest-address"},
)
def test_services_go_on_when_a_node_gets_and_loses_an_address(
    echo, external_address, everywhere, traffic_everywhere, further_address, nodes
):
    """While a node gets another address, and when it loses it again, Services are served everywhere as before."""
    service = open_service(echo, external_address)
    everywhere(service)

    with traffic_everywhere(service, echo.names) as flow:
        with further_address(nodes[0].name):
            everywhere(service)
        everywhere(service)

    assert not flow.total.wrong, "pods of other Services that answered"


@behaviour(level=MAY, spec=KEP + "/3866-nftables-proxy", fails_under={"proxy/node-addresses-of-the-start"})
def test_node_port_at_an_address_that_a_node_gets(echo, outside, further_address, nodes, record):
    """At an address that a node gets later its node ports are served, or only at those it had, or its first ones."""
    service = echo.service(type="NodePort")
    eventually(lambda: outside.tcp(service.at_node(nodes[0])), answered)

    with further_address(nodes[0].name) as address:
        door = service.at_node(nodes[0]).at(address, service.at_node(nodes[0]).port)
        try:
            eventually(lambda: outside.tcp(door, timeout=0.5), answered)
        except Expired:
            record("not served there")
        else:
            record("served there")
        with control("the node port is served at the first address"):
            eventually(lambda: outside.tcp(service.at_node(nodes[0])), answered)

"""Several node ports of one Service, and node ports that are given up."""

from svcproof import (
    MUST,
    PROXY,
    Capability,
    Feature,
    answered,
    answered_within,
    behaviours,
    control,
    eventually,
    silent,
)

from ..clauses import SERVICE

NODE_PORT = SERVICE + "#type-nodeport"
GIVEN_UP = "Nodes forward a port into the Service that has it as its node port; no Service has this one any more."
behaviour = behaviours(by=PROXY, level=MUST, spec=NODE_PORT, requires={Capability.OUTSIDE_CLIENT, Feature.NODE_PORT})


@behaviour(because=GIVEN_UP, fails_under={"proxy/nodeport-survives-type-change"}, alone=True)
def test_node_port_given_up_is_not_served(echo, nodes, client, outside):
    """When a Service becomes one of type ClusterIP, its node port leads nowhere any more; its ClusterIP goes on."""
    service = echo.service(type="NodePort")
    targets = [service.at_node(node) for node in nodes]
    eventually(lambda: outside.probe(targets), answered)

    service.patch(type="ClusterIP")
    eventually(lambda: outside.probe(targets, timeout=0.5), silent)
    seen = client.tcp(service.at_cluster_ip(), times=3)

    assert seen.all_answered


@behaviour(because=GIVEN_UP, fails_under={"proxy/nodeport-survives-type-change"}, alone=True)
def test_node_port_moves_when_the_service_asks_for_another(echo, nodes, outside):
    """When a live Service changes its node port, the new one is served and the old one leads nowhere any more."""
    spare, service = echo.service(type="NodePort"), echo.service(type="NodePort")
    old, new = service.at_node(nodes[0]), spare.at_node(nodes[0])
    eventually(lambda: outside.probe([old, new]), answered)

    spare.patch(type="ClusterIP")
    service.patch(ports=[{**service.spec["ports"][0], "nodePort": new.port}])
    with control("it is given the one it asks for"):
        assert service.at_node(nodes[0]) == new, "the Service has the node port it asks for"
    eventually(lambda: outside.tcp(old, timeout=0.5), silent)
    eventually(lambda: outside.tcp(new, times=3), answered_within(echo.names))

"""Several node ports of one Service, and node ports that are given up."""

from svcproof import (
    APART,
    MUST,
    PROXY,
    SHOULD,
    Capability,
    Feature,
    Outcome,
    answered,
    behaviours,
    control,
    eventually,
    silent,
)
from svcproof import refused as is_refused

from ..clauses import SERVICE, VIRTUAL_IPS

NODE_PORT = SERVICE + "#type-nodeport"
MULTI_PORT = SERVICE + "#multi-port-services"
GIVEN_UP = "Nodes forward a port into the Service that has it as its node port; no Service has this one any more."
NOBODY = {"app": "nobody-has-this-label"}
behaviour = behaviours(by=PROXY, level=MUST, spec=NODE_PORT, requires={Capability.OUTSIDE_CLIENT, Feature.NODE_PORT})


@behaviour(
    because="A Service may define several ports, each with a target of its own, and each gets a node port.",
    spec=MULTI_PORT,
    fails_under={"proxy/first-port-only"},
)
def test_each_port_has_a_node_port_that_leads_to_its_target(echo, nodes, outside):
    """Each port of a Service has a node port, and each leads to its own named targetPort."""
    named = [{"name": name, "port": port, "targetPort": name} for name, port in (("main", 80), ("other", 81))]
    service = echo.service(type="NodePort", ports=named)
    main, other = service.at_node(nodes[-1], "main"), service.at_node(nodes[-1], "other")

    eventually(lambda: outside.probe([main, other], times=3), answered)

    assert outside.tcp(main, times=3).ports == {8080}
    assert outside.tcp(other, times=3).ports == {8081}


@behaviour(
    because="Ports of a Service may be of different protocols, and a node port is of the protocol of its port.",
    spec=MULTI_PORT,
    fails_under={"proxy/tcp-udp-same-port-one-lost"},
)
def test_node_port_of_one_number_serves_tcp_and_udp(echo, nodes, outside):
    """A Service that has one node port for TCP and UDP is reached there over both, each at its own targetPort."""
    both = [
        {"name": "stream", "port": 80, "targetPort": 8080, "protocol": "TCP"},
        {"name": "datagram", "port": 80, "targetPort": 5353, "protocol": "UDP"},
    ]
    service = echo.service(type="NodePort", ports=both)
    tcp, udp = service.at_node(nodes[0], "stream"), service.at_node(nodes[0], "datagram")
    with control("both have the same number"):
        assert tcp.port == udp.port

    seen = eventually(lambda: outside.probe([tcp, udp], times=3), answered)

    assert {(one.target.protocol, one.answer.port) for one in seen} == {("tcp", 8080), ("udp", 5353)}


@behaviour(spec=VIRTUAL_IPS, level=SHOULD, fails_under={"proxy/noep-syn-swallowed"})
def test_node_port_without_endpoints_refuses_at_once(echo, nodes, outside, host_port, refusals_reach):
    """A connection to the node port of a Service that has no endpoint left is refused, not left to time out."""
    service = echo.service(type="NodePort")
    target = service.at_node(nodes[0])
    eventually(lambda: outside.tcp(target), answered)
    refusals_reach(outside, target.address, host_port())

    service.patch(selector=NOBODY)
    seen = eventually(lambda: outside.tcp(target), is_refused, apart=APART)

    assert seen.outcomes == {Outcome.REFUSED}


@behaviour(because=GIVEN_UP, fails_under={"proxy/deleted-service-still-served"})
def test_node_port_of_a_deleted_service_is_not_served(echo, nodes, outside):
    """When a Service is deleted, its node port leads nowhere any more, on any node."""
    service = echo.service(type="NodePort")
    targets = [service.at_node(node) for node in nodes]
    eventually(lambda: outside.probe(targets), answered)

    service.delete()
    seen = eventually(lambda: outside.probe(targets, timeout=0.5), silent)

    assert seen.none_answered


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
        assert service.at_node(nodes[0]) == new
    eventually(lambda: outside.tcp(old, timeout=0.5), silent)
    seen = eventually(lambda: outside.tcp(new, times=3), answered)

    assert seen.backends <= echo.names

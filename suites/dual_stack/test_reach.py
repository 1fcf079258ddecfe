"""Dual-stack Services, asked at their addresses of both families."""

from functools import partial

from svcproof import (
    MUST,
    PROXY,
    Capability,
    Feature,
    answered,
    answered_by,
    answered_within,
    behaviours,
    eventually,
    silent,
)

from ..clauses import DUAL_STACK, ENDPOINT_SLICES, SERVICE
from ..families import BOTH, of
from ..slices import READY, handmade

POLICY = DUAL_STACK + "#services"
SWITCHING = DUAL_STACK + "#switching-services-between-single-stack-and-dual-stack"
EACH_FAMILY = "A Service may use IPv4, IPv6 or both, and has a ClusterIP of each family that it uses."
TRIES = 20
TWO_PROTOCOLS = [
    {"name": "stream", "port": 80, "targetPort": 8080},
    {"name": "datagram", "port": 80, "targetPort": 8080, "protocol": "UDP"},
]
behaviour = behaviours(by=PROXY, level=MUST, spec=POLICY, requires={Capability.DUAL_STACK}, kep=563, since="1.23")


@behaviour(because=EACH_FAMILY, fails_under={"kind/ipv4-not-served", "kind/ipv6-not-served"})
def test_both_cluster_ips_answer(echo, clients, sweep):
    """Pods on every node are answered at both ClusterIPs of a dual-stack Service, over TCP and UDP."""
    service = echo.service(ipFamilyPolicy="RequireDualStack", ports=TWO_PROTOCOLS)
    targets = [service.at_cluster_ip(port, family) for port in ("stream", "datagram") for family in BOTH]

    eventually(lambda: sweep(clients, targets, times=3), answered_within(echo.names))


@behaviour(
    because=EACH_FAMILY,
    otherwise="A proxy that chooses by the client's address alone, though the Service asks for no affinity.",
    fails_under={"kind/ipv4-not-served", "kind/ipv6-not-served"},
)
def test_each_cluster_ip_leads_to_all_endpoints(echo, client):
    """Connections to either ClusterIP of a dual-stack Service reach every endpoint, and no other pod."""
    service = echo.service(ipFamilyPolicy="RequireDualStack")

    seen = [
        eventually(partial(client.tcp, service.at_cluster_ip(family=family), times=TRIES), answered_by(echo.names))
        for family in BOTH
    ]

    assert [one.backends for one in seen] == [echo.names, echo.names], "each ClusterIP leads to every endpoint"


@behaviour(because=EACH_FAMILY, fails_under={"kind/ipv6-not-served"})
def test_single_stack_ipv6_service_answers(echo, clients, sweep):
    """A single-stack IPv6 Service of a dual-stack cluster is reached at its ClusterIP from every node."""
    service = echo.service(ipFamilyPolicy="SingleStack", ipFamilies=["IPv6"])

    eventually(lambda: sweep(clients, [service.at_cluster_ip()], times=3), answered_within(echo.names))


@behaviour(
    because="EndpointSlices are of one family each, and those of a Service's families are its endpoints.",
    spec=ENDPOINT_SLICES + "#address-types",
    fails_under={"kind/ipv6-not-served"},
)
def test_endpoints_of_one_family_are_served_at_its_cluster_ip(echo, workbench, client):
    """A dual-stack Service that has IPv6 endpoints only is served by them at its IPv6 ClusterIP."""
    service = workbench.service(ipFamilyPolicy="RequireDualStack", ipFamilies=["IPv6", "IPv4"])
    (address,) = of("IPv6", echo.pods[0].vantage.addresses)
    workbench.create(handmade(service, workbench.name("slice"), {address: READY}))

    eventually(lambda: client.tcp(service.at_cluster_ip(family="IPv6"), times=3), answered_by({echo.pods[0].name}))


@behaviour(
    because="Every node forwards the node port into the Service, at its addresses of the families that this one uses.",
    spec=SERVICE + "#type-nodeport",
    requires={Capability.OUTSIDE_CLIENT, Feature.NODE_PORT},
    fails_under={"kind/ipv4-not-served", "kind/ipv6-not-served"},
)
def test_node_port_answers_at_node_addresses_of_both_families(echo, nodes, dual_outside):
    """The node port of a dual-stack Service answers at every node's addresses of both families."""
    service = echo.service(type="NodePort", ipFamilyPolicy="RequireDualStack")
    targets = [service.at_node(node, family=family) for node in nodes for family in BOTH]

    eventually(lambda: dual_outside.probe(targets, times=3), answered_within(echo.names))


@behaviour(
    because="A Service made dual-stack is given the family it lacked, and has addresses of both then.",
    spec=SWITCHING,
    fails_under={"kind/ipv6-not-served"},
)
def test_service_made_dual_stack_answers_at_its_second_cluster_ip(echo, workbench, client):
    """After an IPv4 Service is made dual-stack, its new IPv6 ClusterIP answers, and the first one goes on."""
    service = echo.service(ipFamilyPolicy="SingleStack", ipFamilies=["IPv4"])
    eventually(lambda: client.tcp(service.at_cluster_ip(), times=3), answered)

    service.patch(ipFamilyPolicy="RequireDualStack")
    workbench.await_endpoints(service, len(echo.pods))
    both = [service.at_cluster_ip(family=family) for family in BOTH]
    eventually(lambda: client.probe(both, times=3), answered_within(echo.names))


@behaviour(
    because="A Service made single-stack retains the first of its ClusterIPs only.",
    spec=SWITCHING,
    fails_under={"kind/always-dual-stack"},
)
def test_service_made_single_stack_stops_answering_at_its_second_cluster_ip(echo, client):
    """After a dual-stack Service is made single-stack, its former second ClusterIP answers no more; the first does."""
    service = echo.service(ipFamilyPolicy="RequireDualStack")
    first, second = (service.at_cluster_ip(family=family) for family in service.spec["ipFamilies"])
    eventually(lambda: client.probe([first, second], times=3), answered)

    service.patch(ipFamilyPolicy="SingleStack")
    eventually(lambda: client.tcp(second, times=3), silent)
    stays = client.tcp(first, times=3)

    assert stays.all_answered

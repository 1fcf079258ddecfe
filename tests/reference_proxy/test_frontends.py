from dataclasses import replace

from svcproof.reference_proxy.family import IPV4, IPV6
from svcproof.reference_proxy.frontends import FrontendKind, frontends
from svcproof.reference_proxy.selection import OTHER_PROXY, select
from svcproof.reference_proxy.state import Policy, ServiceProtocol, State
from tests.reference_proxy.bench import NODE
from tests.reference_proxy.samples import CLUSTER_IP, TCP, UDP, endpoint, merged, slice_of, state

VIP = "198.51.100.8"


def destinations(of: State) -> set[tuple[FrontendKind, str, ServiceProtocol, int]]:
    return {(one.kind, one.address, one.protocol, one.port) for one in frontends(select(of), IPV4)}


def test_each_address_of_each_port_is_a_frontend() -> None:
    ports = (replace(TCP, name="t", node_port=30080), replace(UDP, name="u", node_port=30080))
    served = state(
        type="LoadBalancer", ports=ports, load_balancer_ips=(VIP,), external_ips=("198.51.100.20", "2001:db8::1", "?")
    )
    assert destinations(served) == {
        (kind, address, protocol, number)
        for protocol in (ServiceProtocol.TCP, ServiceProtocol.UDP)
        for kind, address, number in (
            (FrontendKind.CLUSTER_IP, CLUSTER_IP, 80),
            (FrontendKind.NODE_PORT, NODE.addresses[0], 30080),
            (FrontendKind.LOAD_BALANCER_IP, VIP, 80),
            (FrontendKind.EXTERNAL_IP, "198.51.100.20", 80),
        )
    }


def test_a_load_balancer_may_do_without_node_ports() -> None:
    served = state(type="LoadBalancer", load_balancer_ips=(VIP,))
    assert {kind for kind, *_ in destinations(served)} == {FrontendKind.CLUSTER_IP, FrontendKind.LOAD_BALANCER_IP}


def test_nothing_is_a_frontend_of_services_that_are_not_a_proxys_business() -> None:
    assert destinations(state(cluster_ips=("None",), external_ips=(VIP,))) == set()
    assert destinations(state(type="ExternalName", external_ips=(VIP,))) == set()
    assert destinations(state(labels=frozenset({OTHER_PROXY}))) == set()


def test_headless_slices_are_left_out() -> None:
    plain, headless = slice_of(endpoint()), replace(slice_of(endpoint("pod-2"), name="web-2"), headless=True)
    assert select(state(slices=(plain, headless))).slices == {"shop/web": (plain,)}


def test_each_kind_has_its_policy_and_only_load_balancers_have_source_ranges() -> None:
    served = state(
        type="LoadBalancer",
        load_balancer_ips=(VIP,),
        external_ips=("198.51.100.20",),
        external_policy=Policy.LOCAL,
        source_ranges=("10.0.0.0/8", " 10.1.0.0/16 ", "10.0.0.0/8", "2001:db8::/32", "nonsense"),
    )
    by_kind = {one.kind: one for one in frontends(served, IPV4)}
    assert {kind: one.policy for kind, one in by_kind.items()} == {
        FrontendKind.CLUSTER_IP: Policy.CLUSTER,
        FrontendKind.LOAD_BALANCER_IP: Policy.LOCAL,
        FrontendKind.EXTERNAL_IP: Policy.LOCAL,
    }
    assert by_kind[FrontendKind.LOAD_BALANCER_IP].sources == ("10.0.0.0/8",)
    assert by_kind[FrontendKind.EXTERNAL_IP].sources == by_kind[FrontendKind.CLUSTER_IP].sources == ()


def test_an_address_claimed_twice_goes_to_the_cluster_ip_then_to_the_first_name() -> None:
    thief = state(name="a-thief", cluster_ips=("10.96.0.99",), external_ips=(CLUSTER_IP, VIP))
    owner = state(external_ips=(VIP,))
    owners = {one.address: one.service for one in frontends(merged(owner, thief), IPV4)}
    assert owners == {CLUSTER_IP: "shop/web", "10.96.0.99": "shop/a-thief", VIP: "shop/a-thief"}


def test_endpoints_belong_to_a_port_by_name_and_protocol() -> None:
    ports = (replace(TCP, name="a"), replace(UDP, name="a"), replace(TCP, name="b", port=81))
    served = state(ports=ports)
    first = served.slices["shop/web"][0]
    served = replace(
        served, slices={"shop/web": (replace(first, endpoints=(("a", ServiceProtocol.UDP, endpoint("pod-1")),)),)}
    )
    reached = {(one.protocol, one.port): one.cluster for one in frontends(served, IPV4)}
    assert reached == {
        (ServiceProtocol.TCP, 80): (),
        (ServiceProtocol.UDP, 80): (endpoint("pod-1"),),
        (ServiceProtocol.TCP, 81): (),
    }


def test_families_do_not_mix() -> None:
    served = state(endpoint("pod-1"), cluster_ips=(CLUSTER_IP, "fd00::10"))
    [six] = frontends(served, IPV6)
    assert (six.address, six.cluster) == ("fd00::10", ())

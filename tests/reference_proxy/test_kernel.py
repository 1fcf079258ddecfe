"""What the rules do to real packets."""

from dataclasses import replace
from functools import reduce
from typing import Any

import pytest

from svcproof.reference_proxy.family import IPV4, IPV6
from svcproof.reference_proxy.proxy import FamilyProxy
from svcproof.reference_proxy.ruleset import TABLE
from svcproof.reference_proxy.stages import Stages
from svcproof.reference_proxy.state import Policy
from tests.reference_proxy.bench import NODE, OUTSIDE, PODS, Bench
from tests.reference_proxy.samples import CLUSTER_IP, TCP, UDP, endpoint, merged, service, slice_of, state

pytestmark = pytest.mark.lab
BOTH = (endpoint("pod-1"), endpoint("pod-2"))
NODE_PORT = 30080
NODE_PORT_OPEN: dict[str, Any] = {"type": "NodePort", "ports": (replace(TCP, node_port=NODE_PORT),)}
VIP = "198.51.100.8"
EVERYWHERE = ("pod-1", "pod-2", "node", "outside")


@pytest.fixture
def proxy(node: Bench) -> FamilyProxy:
    return FamilyProxy(IPV4, Stages())


def pods(answers: list[str]) -> set[str]:
    return {answer.split()[0] for answer in answers}


@pytest.mark.parametrize("place", EVERYWHERE)
def test_a_cluster_ip_reaches_every_endpoint(node: Bench, proxy: FamilyProxy, place: str) -> None:
    proxy.sync(state(*BOTH))
    assert pods(node.ask(place, CLUSTER_IP, 80, times=40)) == {"pod-1", "pod-2"}


@pytest.mark.parametrize("place", EVERYWHERE)
def test_a_node_port_reaches_every_endpoint(node: Bench, proxy: FamilyProxy, place: str) -> None:
    proxy.sync(state(*BOTH, **NODE_PORT_OPEN))
    assert pods(node.ask(place, NODE.addresses[0], NODE_PORT, times=40)) == {"pod-1", "pod-2"}


def test_a_pod_reaches_itself_and_others_see_its_address(node: Bench, proxy: FamilyProxy) -> None:
    proxy.sync(state(endpoint("pod-1")))
    assert node.ask("pod-1", CLUSTER_IP, 80) != [f"pod-1 8080 {PODS['pod-1']}"]
    assert pods(node.ask("pod-1", CLUSTER_IP, 80)) == {"pod-1"}
    assert node.ask("pod-2", CLUSTER_IP, 80) == [f"pod-1 8080 {PODS['pod-2']}"]


@pytest.mark.parametrize("place", EVERYWHERE)
def test_a_service_without_endpoints_and_an_undeclared_port_refuse(node: Bench, proxy: FamilyProxy, place: str) -> None:
    proxy.sync(state(ports=(TCP, UDP)))
    assert node.ask(place, CLUSTER_IP, 80) == ["ConnectionRefusedError"]
    assert node.ask(place, CLUSTER_IP, 81) == ["ConnectionRefusedError"]
    # The kernel tells a sender on the node itself at once.
    refused = "PermissionError" if place == "node" else "ConnectionRefusedError"
    assert node.ask(place, CLUSTER_IP, 80, udp=True) == [refused]


def test_affinity_keeps_a_client_where_it_is_until_its_endpoint_goes(node: Bench, proxy: FamilyProxy) -> None:
    proxy.sync(state(*BOTH, affinity=60))
    [first] = pods(node.ask("outside", CLUSTER_IP, 80, times=10))
    proxy.sync(state(*BOTH, endpoint("pod-1", port=8081), endpoint("pod-2", port=8081), affinity=90))
    assert pods(node.ask("outside", CLUSTER_IP, 80, times=20)) == {first}
    [other] = PODS.keys() - {first}
    proxy.sync(state(endpoint(first, ready=False), endpoint(other), affinity=90))
    assert pods(node.ask("outside", CLUSTER_IP, 80, times=10)) == {other}
    proxy.sync(state(*BOTH, affinity=90))
    assert pods(node.ask("outside", CLUSTER_IP, 80, times=20)) == {other}


def test_affinity_lasts_as_long_as_the_service_says(node: Bench, proxy: FamilyProxy) -> None:
    proxy.sync(state(endpoint("pod-1"), affinity=5000))
    node.ask("outside", CLUSTER_IP, 80)
    clients = "clients/shop/web/tcp/80/10.244.1.1/8080"
    assert f"{OUTSIDE} timeout 1h23m20s" in node.run("node", "nft", "list", "set", "ip", TABLE, clients)


def test_source_ranges_admit_only_their_own(node: Bench, proxy: FamilyProxy) -> None:
    balanced = {"type": "LoadBalancer", "load_balancer_ips": (VIP,)}
    proxy.sync(state(*BOTH, **balanced, source_ranges=("10.0.0.0/8", " 10.244.0.0/16")))
    assert node.ask("outside", VIP, 80) == ["TimeoutError"]
    assert pods(node.ask("pod-1", VIP, 80)) <= {"pod-1", "pod-2"}
    proxy.sync(state(*BOTH, **balanced, source_ranges=(f"{OUTSIDE}/32",)))
    assert pods(node.ask("outside", VIP, 80)) <= {"pod-1", "pod-2"}
    assert node.ask("pod-1", VIP, 80) == ["TimeoutError"]


def test_external_policy_local_keeps_the_client_address(node: Bench, proxy: FamilyProxy) -> None:
    proxy.sync(state(endpoint("pod-1"), **NODE_PORT_OPEN, external_policy=Policy.LOCAL))
    assert node.ask("outside", NODE.addresses[0], NODE_PORT) == [f"pod-1 8080 {OUTSIDE}"]
    proxy.sync(state(endpoint("pod-1"), **NODE_PORT_OPEN))
    assert node.ask("outside", NODE.addresses[0], NODE_PORT) == [f"pod-1 8080 {NODE.addresses[0]}"]


def test_without_a_local_endpoint_policy_local_drops_clients_outside_only(node: Bench, proxy: FamilyProxy) -> None:
    elsewhere = endpoint("pod-1", node="node-b")
    proxy.sync(state(elsewhere, **NODE_PORT_OPEN, external_policy=Policy.LOCAL))
    assert node.ask("outside", NODE.addresses[0], NODE_PORT) == ["TimeoutError"]
    assert pods(node.ask("pod-2", NODE.addresses[0], NODE_PORT) + node.ask("node", NODE.addresses[0], NODE_PORT)) == {
        "pod-1"
    }
    assert pods(node.ask("outside", CLUSTER_IP, 80)) == {"pod-1"}


def test_internal_policy_local_drops_without_a_local_endpoint(node: Bench, proxy: FamilyProxy) -> None:
    proxy.sync(state(endpoint("pod-1", node="node-b"), internal_policy=Policy.LOCAL))
    assert node.ask("pod-2", CLUSTER_IP, 80) == ["TimeoutError"]
    proxy.sync(state(endpoint("pod-1", node="node-b"), endpoint("pod-2"), internal_policy=Policy.LOCAL))
    assert pods(node.ask("pod-1", CLUSTER_IP, 80, times=20)) == {"pod-2"}


def test_a_udp_socket_follows_when_its_endpoint_goes(node: Bench, proxy: FamilyProxy) -> None:
    proxy.sync(state(endpoint("pod-1"), ports=(UDP,)))
    assert pods(node.ask("outside", CLUSTER_IP, 80, udp=True, source=5001)) == {"pod-1"}
    proxy.sync(state(endpoint("pod-2"), ports=(UDP,)))
    assert pods(node.ask("outside", CLUSTER_IP, 80, udp=True, source=5001)) == {"pod-2"}
    proxy.sync(state(ports=(UDP,)))
    assert node.ask("outside", CLUSTER_IP, 80, udp=True, source=5001) == ["ConnectionRefusedError"]


def test_a_udp_flow_that_began_before_the_service_is_served_later(node: Bench, proxy: FamilyProxy) -> None:
    proxy.sync(state())
    late = "198.51.100.7"
    assert node.ask("pod-1", late, 80, udp=True, source=5002) == ["TimeoutError"]
    proxy.sync(state(endpoint("pod-2"), ports=(UDP,), external_ips=(late,)))
    assert pods(node.ask("pod-1", late, 80, udp=True, source=5002)) == {"pod-2"}


def test_a_udp_flow_that_began_while_the_rules_were_gone_is_served_with_them(node: Bench, proxy: FamilyProxy) -> None:
    proxy.sync(state(endpoint("pod-1"), ports=(UDP,)))
    node.run("node", "nft", "delete", "table", "ip", TABLE)
    # No rule of the proxy's makes the kernel track connections now: another program's does.
    chain = "add chain ip other passing { type filter hook forward priority 0; }"
    node.run("node", "nft", f"add table ip other; {chain}; add rule ip other passing ct state new accept")
    assert node.ask("pod-1", CLUSTER_IP, 80, udp=True, source=5003) == ["TimeoutError"]
    assert not proxy.is_intact()
    proxy.sync(state(endpoint("pod-1"), ports=(UDP,)))
    node.run("node", "nft", "delete table ip other")
    assert pods(node.ask("pod-1", CLUSTER_IP, 80, udp=True, source=5003)) == {"pod-1"}


def test_a_table_of_ipv6_loads_beside_the_other(node: Bench, proxy: FamilyProxy) -> None:
    one = service(cluster_ips=(CLUSTER_IP, "fd00::10"), affinity=60, **NODE_PORT_OPEN)
    six = replace(slice_of(endpoint("fd00:1::1"), endpoint("fd00:1::2", node="")), address_type="IPv6")
    dual = replace(state(), services=(one,), slices={one.key: (slice_of(*BOTH), six)})
    dual = replace(dual, node=replace(NODE, addresses=(*NODE.addresses, "fd00:2::11")))
    proxy.sync(dual)
    FamilyProxy(IPV6, Stages()).sync(dual)
    assert "[fd00:1::2]:8080" in node.run("node", "nft", "list", "table", "ip6", TABLE)
    assert pods(node.ask("outside", CLUSTER_IP, 80)) <= PODS.keys()


def test_hundreds_of_services_load_and_serve(node: Bench, proxy: FamilyProxy) -> None:
    many = [state(*BOTH, name=f"web-{n}", cluster_ips=(f"10.96.1.{n}",), affinity=60) for n in range(200)]
    proxy.sync(reduce(merged, many))
    assert pods(node.ask("outside", "10.96.1.199", 80, times=3)) <= PODS.keys()

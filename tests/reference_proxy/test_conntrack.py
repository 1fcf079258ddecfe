"""Connection tracking of a kernel, read and changed beside the program conntrack."""

import logging
import re
import socket
from collections.abc import Iterable

import pytest

from svcproof.reference_proxy import conntrack
from svcproof.reference_proxy.family import IPV4, IPV6, Family
from svcproof.reference_proxy.flows import Flow, Flows, Targets
from tests.reference_proxy.bench import PODS, Bench

pytestmark = pytest.mark.lab
TUPLES = re.compile(r"src=\S+ dst=(\S+) sport=\d+ dport=(\d+) .*?src=(\S+) dst=\S+ sport=(\d+) dport=\d+")
TRACKING = """
add table inet tracking
flush table inet tracking
add chain inet tracking sent { type nat hook output priority -100; }
add chain inet tracking forwarded { type filter hook forward priority 0; }
add rule inet tracking forwarded ct state new accept
add rule inet tracking sent ip daddr 198.51.100.9 meta l4proto udp dnat ip to 10.244.1.1:8080
"""


def listed(node: Bench, family: Family, *options: str) -> Flows:
    """The kinds of UDP flows that the program conntrack lists."""
    lines = node.run("node", "conntrack", "-L", "-p", "udp", "-f", f"ipv{family.version}", *options)
    flows = TUPLES.findall(lines)
    return frozenset(Flow(address, int(port), answerer, int(other)) for address, port, answerer, other in flows)


def targets(flows: Iterable[Flow]) -> Targets:
    return frozenset((flow.address, flow.port) for flow in flows)


def flows(family: Family, targets: Targets) -> Flows:
    return frozenset(entry.flow for entry in conntrack.udp_entries(family, targets))


@pytest.fixture
def tracking(node: Bench) -> Bench:
    """The bench, with entries of both families and of TCP in its node's kernel."""
    node.run("node", "sh", "-c", f"nft -f - <<'RULES'\n{TRACKING}\nRULES\nconntrack -F")
    node.ask("node", "198.51.100.9", 80, udp=True, source=5001)
    node.ask("node", "198.51.100.9", 80, udp=True, source=5002)
    node.ask("pod-1", PODS["pod-2"], 8081, udp=True)
    node.ask("pod-1", PODS["pod-2"], 8081)
    node.run("node", "bash", "-c", "echo > /dev/udp/::1/5003")
    return node


DNATED, PLAIN = Flow("198.51.100.9", 80, PODS["pod-1"], 8080), Flow(PODS["pod-2"], 8081, PODS["pod-2"], 8081)


def test_entries_are_those_that_the_program_lists(tracking: Bench) -> None:
    of_ipv4, of_ipv6 = listed(tracking, IPV4), listed(tracking, IPV6)
    assert {DNATED, PLAIN} <= of_ipv4
    assert flows(IPV4, targets(of_ipv4)) == of_ipv4
    assert flows(IPV6, targets(of_ipv6)) == of_ipv6 == {Flow("::1", 5003, "::1", 5003)}


def test_entries_are_those_to_the_targets_alone(tracking: Bench) -> None:
    assert flows(IPV4, targets([DNATED])) == {DNATED}
    assert flows(IPV4, frozenset({("198.51.100.9", 81), ("198.51.100.10", 80)})) == frozenset()
    assert flows(IPV4, frozenset()) == frozenset()


def test_each_entry_of_a_stale_flow_is_deleted_and_no_other(tracking: Bench) -> None:
    others = listed(tracking, IPV4) - {DNATED}
    tcp = tracking.run("node", "conntrack", "-L", "-p", "tcp", "-o", "id")
    assert conntrack.forget(IPV4, targets([DNATED, PLAIN]), lambda flows: flows & {DNATED}) == {DNATED}
    assert listed(tracking, IPV4) == others
    assert listed(tracking, IPV6)
    assert ids(tracking.run("node", "conntrack", "-L", "-p", "tcp", "-o", "id")) == ids(tcp) != []


def ids(listing: str) -> list[str]:
    return re.findall(r"\bid=\d+", listing)


def test_one_entry_of_two_that_differ_in_the_client_alone_is_deleted(tracking: Bench) -> None:
    one, other = conntrack.udp_entries(IPV4, targets([DNATED]))
    with conntrack.connected() as kernel:
        conntrack.delete(kernel, one, IPV4)
        assert conntrack.udp_entries(IPV4, targets([DNATED])) == (other,)
        conntrack.delete(kernel, one, IPV4)  # It is gone, and that is no error.
    assert DNATED in listed(tracking, IPV4)


def test_a_flow_that_has_come_anew_is_not_deleted_for_the_old_one(tracking: Bench) -> None:
    old = conntrack.udp_entries(IPV4, targets([DNATED]))
    tracking.run("node", "conntrack", "-F")
    tracking.ask("node", "198.51.100.9", 80, udp=True, source=5001)
    with conntrack.connected() as kernel:
        for entry in old:
            conntrack.delete(kernel, entry, IPV4)
    assert DNATED in listed(tracking, IPV4)


def test_assured_entries_are_those_that_the_program_calls_so(tracking: Bench) -> None:
    for _ in range(3):
        tracking.ask("pod-1", PODS["pod-2"], 8081, udp=True, source=5004)
    entries = conntrack.udp_entries(IPV4, targets(listed(tracking, IPV4)))
    assured = {entry.flow for entry in entries if entry.assured}
    assert assured == listed(tracking, IPV4, "-u", "ASSURED")


def test_a_kernel_that_refuses_is_logged(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    def refused() -> socket.socket:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(conntrack, "connected", refused)
    with caplog.at_level(logging.ERROR):
        assert conntrack.forget(IPV4, targets([DNATED]), lambda flows: flows) == frozenset()
    assert "could not be read: [Errno 1] Operation not permitted; stale UDP flows stay" in caplog.text

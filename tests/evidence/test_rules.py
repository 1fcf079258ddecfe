"""What a Service has in the rules of a node, in dumps of three proxies."""

import pytest

from svcproof.evidence.dumps import before_change, difference, rules_of
from svcproof.evidence.subject import Subject
from svcproof.model.evidence import RuleDump
from tests.evidence.recordings import PROXIES, dump, recorded_subject

IPVS = """-A -t 10.96.0.1:443 -s rr
-a -t 10.96.0.1:443 -r 172.30.0.1:6443 -m -w 1
-A -t 10.96.7.7:80 -s rr
-a -t 10.96.7.7:80 -r 10.244.0.9:8080 -m -w 1
-A -u 172.30.0.11:30053 -s rr -p 10800
-a -u 172.30.0.11:30053 -r 10.244.0.9:5353 -m -w 1
-A -t [fd00:10:96::7]:80 -s rr
-a -t [fd00:10:96::7]:80 -r [fd00:10:244::9]:8080 -m -w 1
-A -t [fd00:10:96::7:1]:80 -s rr
"""


def test_rules_of_a_service_lead_from_the_hooks_to_its_endpoints_with_nftables() -> None:
    lines = rules_of(dump("kube-proxy-nftables", "before"), recorded_subject("kube-proxy-nftables", "echo"))

    assert "ip kube-proxy chain nat-prerouting: jump services" in lines
    assert "ip kube-proxy chain services: ip daddr . meta l4proto . th dport vmap @service-ips" in lines
    assert "ip kube-proxy map service-nodeports: tcp . 32652 : goto external-OWVALXF7-default/echo/tcp/main" in lines
    assert any("chain service-OWVALXF7-default/echo/tcp/main: meta l4proto tcp dnat" in line for line in lines)


def test_rules_of_a_service_lead_from_the_hooks_to_its_endpoints_with_iptables() -> None:
    lines = rules_of(dump("kube-proxy-iptables", "before"), recorded_subject("kube-proxy-iptables", "echo"))

    assert any(line.startswith("iptables nat PREROUTING: ") and line.endswith("-j KUBE-SERVICES") for line in lines)
    assert any(
        line.startswith("iptables nat KUBE-SEP-") and "--to-destination 10.244.1.9:8080" in line for line in lines
    )
    assert any(line.startswith("iptables nat KUBE-MARK-MASQ: ") for line in lines)
    assert not any(line.startswith("ip nat ") for line in lines), "iptables-save has them already"


@pytest.mark.parametrize("proxy", PROXIES)
@pytest.mark.parametrize(("service", "other"), [("echo", "db"), ("db", "echo")])
def test_rules_of_a_service_are_none_of_another(proxy: str, service: str, other: str) -> None:
    lines = rules_of(dump(proxy, "before"), recorded_subject(proxy, service))

    foreign = [line for line in lines for name in (f"default/{other}", "default/bare", "kube-dns") if name in line]
    assert any(f"default/{service}" in line for line in lines)
    assert foreign == []


@pytest.mark.parametrize("proxy", PROXIES)
def test_the_difference_names_the_endpoint_that_went(proxy: str) -> None:
    head_before, head_after, *changes = difference(
        dump(proxy, "before"), dump(proxy, "after"), recorded_subject(proxy, "echo")
    )

    assert (head_before, head_after) == ("--- node-a at 00:16:40.000", "+++ node-a at 00:17:40.000")
    assert any("10.244.1.9" in line for line in changes if line.startswith("- "))
    assert not any("10.244.1.9" in line for line in changes if line.startswith("+ "))


@pytest.mark.parametrize("proxy", PROXIES)
def test_a_service_whose_rules_did_not_change_has_no_difference(proxy: str) -> None:
    assert difference(dump(proxy, "before"), dump(proxy, "after"), recorded_subject(proxy, "db")) == ()


def test_a_service_that_was_deleted_is_known_by_its_name() -> None:
    deleted = Subject(names=frozenset({"default/bare"}))

    _, _, *changes = difference(dump("kube-proxy-nftables", "before"), dump("kube-proxy-nftables", "after"), deleted)

    element = '10.96.125.54 . tcp . 80 comment "default/bare:main" : goto reject-chain'
    assert changes == [f"- ip kube-proxy map no-endpoint-services: {element}"]


def test_a_name_or_an_address_that_only_begins_alike_is_another() -> None:
    text = """*nat
-A KUBE-SERVICES -d 10.96.0.10/32 -m comment --comment "a/web-2:main cluster IP" -j KUBE-SVC-2
-A KUBE-SERVICES -d 10.96.0.1/32 -m comment --comment "a/web:main cluster IP" -j KUBE-SVC-1
COMMIT
"""
    found = rules_of(
        RuleDump("n", 0.0, {"iptables-save": text}),
        Subject(names=frozenset({"a/web"}), ends=frozenset({("10.96.0.1", 80)})),
    )

    assert [line.rpartition(" ")[2] for line in found] == ["KUBE-SVC-1"]


def test_virtual_servers_of_ipvs_come_with_their_real_servers() -> None:
    ends = frozenset({("10.96.7.7", 80), ("172.30.0.11", 30053), ("fd00:10:96::7", 80)})
    subject = Subject(
        names=frozenset({"a/web"}), ends=ends, node_ports=frozenset({30053}), nodes=frozenset({"172.30.0.11"})
    )

    found = rules_of(RuleDump("n", 0.0, {"ipvsadm": IPVS}), subject)

    assert [line.partition(": ")[2] for line in found] == IPVS.splitlines()[2:8]


def test_rules_in_another_order_are_the_same() -> None:
    rules = ["-A KUBE-SERVICES -d 10.96.0.1/32 -j A", "-A KUBE-SERVICES -d 10.96.0.1/32 -j B"]
    before, after = (
        RuleDump("n", 0.0, {"iptables-save": "\n".join(["*nat", *lines])}) for lines in (rules, reversed(rules))
    )

    assert difference(before, after, Subject(ends=frozenset({("10.96.0.1", 80)}))) == ()


def test_what_packets_count_is_no_difference() -> None:
    before, after = (
        RuleDump(
            "n", 0.0, {"nft": f"table ip x {{\n\tchain c {{\n\t\tip daddr 10.96.0.1 counter packets {n} drop\n\t}}\n}}"}
        )
        for n in ("1 bytes 60", "2 bytes 120")
    )

    subject = Subject(ends=frozenset({("10.96.0.1", 80)}))
    assert rules_of(before, subject) == ("ip x chain c: ip daddr 10.96.0.1 counter drop",)
    assert difference(before, after, subject) == ()


def test_the_dump_before_a_change_is_the_last_that_is_older() -> None:
    dumps = tuple(RuleDump("n", at, {}) for at in (1.0, 2.0, 3.0))

    assert before_change(dumps, 2.5) is dumps[1]
    assert before_change(dumps, 0.5) is None

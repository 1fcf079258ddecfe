from collections.abc import Callable

import dns.name
import pytest
from dns.rdatatype import RdataType

from svcproof.lab.dns.zone import Zone
from svcproof.lab.faults.parts import PARTS
from tests.lab.dns.cluster import SERVICES, slices_of

Ask = Callable[..., tuple[str, ...]]
SVC = "shop.svc.cluster.local."

SOUND = {
    (f"web.{SVC}", "A"): ("NOERROR", "A 10.96.0.50"),
    (f"web.{SVC}", "AAAA"): ("NOERROR",),
    ("WeB.ShOp.svc.CLUSTER.local.", "A"): ("NOERROR", "A 10.96.0.50"),
    (f"dual.{SVC}", "AAAA"): ("NOERROR", "AAAA fd00:10:96::53"),
    (f"balanced.{SVC}", "A"): ("NOERROR", "A 10.96.0.54"),
    (f"_http._tcp.web.{SVC}", "SRV"): ("NOERROR", f"SRV 0 100 80 web.{SVC}"),
    (f"_dns._udp.names.{SVC}", "SRV"): ("NOERROR", f"SRV 0 100 53 names.{SVC}"),
    (f"_dns._tcp.names.{SVC}", "SRV"): ("NXDOMAIN",),
    (f"_._tcp.plain.{SVC}", "SRV"): ("NXDOMAIN",),
    ("50.0.96.10.in-addr.arpa.", "PTR"): ("NOERROR", f"PTR web.{SVC}"),
    ("99.0.96.10.in-addr.arpa.", "PTR"): ("NXDOMAIN",),
    (f"missing.{SVC}", "A"): ("NXDOMAIN",),
    ("web.other.svc.cluster.local.", "A"): ("NXDOMAIN",),
    (f"*.{SVC}", "A"): ("NXDOMAIN",),
    (SVC, "A"): ("NOERROR",),
    ("svc.cluster.local.", "A"): ("NOERROR",),
    ("www.example.com.", "A"): ("REFUSED",),
    ("web.shop.", "A"): ("REFUSED",),
    ("dns-version.cluster.local.", "TXT"): ("NOERROR", 'TXT "1.1.0"'),
    (f"peers.{SVC}", "A"): ("NOERROR", "A 10.244.1.5", "A 10.244.1.6"),
    (f"eager.{SVC}", "A"): ("NOERROR", "A 10.244.1.7"),
    (f"empty.{SVC}", "A"): ("NXDOMAIN",),
    (f"first.peers.{SVC}", "A"): ("NOERROR", "A 10.244.1.5"),
    (f"10-244-1-6.peers.{SVC}", "A"): ("NOERROR", "A 10.244.1.6"),
    (f"sick.peers.{SVC}", "A"): ("NXDOMAIN",),
    (f"_http._tcp.peers.{SVC}", "SRV"): (
        "NOERROR",
        f"SRV 0 100 8080 10-244-1-6.peers.{SVC}",
        f"SRV 0 100 8080 first.peers.{SVC}",
    ),
    ("5.1.244.10.in-addr.arpa.", "PTR"): ("NOERROR", f"PTR first.peers.{SVC}"),
    ("6.1.244.10.in-addr.arpa.", "PTR"): ("NOERROR", f"PTR 10-244-1-6.peers.{SVC}"),
    (f"former.{SVC}", "A"): ("NOERROR", "A 10.96.0.55"),
    (f"www.elsewhere.{SVC}", "A"): ("NXDOMAIN",),
    (f"elsewhere.{SVC}", "A"): ("NOERROR", "CNAME www.example.com."),
    (f"elsewhere.{SVC}", "AAAA"): ("NOERROR", "CNAME www.example.com."),
    (f"digits.{SVC}", "A"): ("NOERROR", "CNAME 198.51.100.7."),
    (f"alias.{SVC}", "A"): ("NOERROR", "A 10.96.0.50", f"CNAME web.{SVC}"),
}

FAULTY = {
    "no-srv": (f"_http._tcp.web.{SVC}", "SRV", ("NXDOMAIN",)),
    "no-ptr": ("50.0.96.10.in-addr.arpa.", "PTR", ("NXDOMAIN",)),
    "no-schema-version": ("dns-version.cluster.local.", "TXT", ("NXDOMAIN",)),
    "case-sensitive": ("WeB.ShOp.svc.CLUSTER.local.", "A", ("NXDOMAIN",)),
    "nxdomain-for-aaaa": (f"web.{SVC}", "AAAA", ("NXDOMAIN",)),
    "nodata-for-missing": (f"missing.{SVC}", "A", ("NOERROR",)),
    "namespace-ignored": ("web.other.svc.cluster.local.", "A", ("NOERROR", "A 10.96.0.50")),
    "wrong-cluster-ip": (f"web.{SVC}", "A", ("NOERROR", "A 10.96.0.51")),
    "load-balancer-address": (f"balanced.{SVC}", "A", ("NOERROR", "A 172.30.0.200")),
    "external-name-as-address": (f"alias.{SVC}", "A", ("NOERROR", "A 10.96.0.50")),
    "address-like-external-name": (f"digits.{SVC}", "A", ("NOERROR", "A 198.51.100.7")),
    "cname-without-target": (f"alias.{SVC}", "A", ("NOERROR", f"CNAME web.{SVC}")),
    "unready-in-headless": (f"empty.{SVC}", "A", ("NOERROR", "A 10.244.1.7")),
    "published-unready-left-out": (f"eager.{SVC}", "A", ("NXDOMAIN",)),
    "headless-only-first": (f"peers.{SVC}", "A", ("NOERROR", "A 10.244.1.5")),
    "no-ptr-without-hostname": ("6.1.244.10.in-addr.arpa.", "PTR", ("NXDOMAIN",)),
    "one-ptr-for-each-service": ("6.1.244.10.in-addr.arpa.", "PTR", ("NXDOMAIN",)),
    "alias-by-leftover-field": (f"former.{SVC}", "A", ("NOERROR", "CNAME www.example.com.")),
    "external-name-hidden-as-empty": (f"elsewhere.{SVC}", "A", ("NXDOMAIN",)),
    "external-name-answers-for-names-below": (f"www.elsewhere.{SVC}", "A", ("NOERROR", "CNAME www.example.com.")),
    "services-without-endpoints-hidden": (f"web.{SVC}", "A", ("NXDOMAIN",)),
    "no-endpoint-names": (f"first.peers.{SVC}", "A", ("NXDOMAIN",)),
    "srv-for-any-protocol": (f"_dns._tcp.names.{SVC}", "SRV", ("NOERROR", f"SRV 0 100 53 names.{SVC}")),
    "srv-with-target-port": (f"_http._tcp.web.{SVC}", "SRV", ("NOERROR", f"SRV 0 100 8080 web.{SVC}")),
}
OF_TRANSPORT = {"no-tcp", "no-udp"}
OF_TIME = {
    "names-missing-now-and-then",
    "namespace-lost-with-a-name",
    "stale-after-delete",
    "stale-after-update",
    "stale-endpoint-names",
}


@pytest.mark.parametrize(("name", "kind"), SOUND)
def test_names_are_answered_as_specified(ask: Ask, name: str, kind: str) -> None:
    assert ask(name, kind) == SOUND[name, kind]


@pytest.mark.parametrize("fault", FAULTY)
def test_a_fault_changes_an_answer(ask: Ask, fault: str) -> None:
    name, kind, wrong = FAULTY[fault]
    assert SOUND[name, kind] != wrong
    assert ask(name, kind, fault) == wrong


def test_every_fault_is_shown_somewhere() -> None:
    assert {*FAULTY, *OF_TRANSPORT, *OF_TIME} == {fault.name for fault in PARTS["dns"]}


def test_a_loop_of_names_ends(ask: Ask) -> None:
    code, *records = ask(f"loop.{SVC}", "A")
    assert code == "NOERROR"
    assert set(records) == {f"CNAME loop.{SVC}"}


@pytest.mark.parametrize(("faults", "left"), [((), "NXDOMAIN"), (("stale-after-delete",), "NOERROR")])
def test_names_go_with_their_service(zone: Callable[..., Zone], faults: tuple[str, ...], left: str) -> None:
    made = zone(*faults)
    made.set(("shop", "web"), None, [])
    assert made.lookup(dns.name.from_text(f"web.{SVC}"), RdataType.A).code.name == left


@pytest.mark.parametrize(("faults", "code"), [((), "NOERROR"), (("namespace-lost-with-a-name",), "NXDOMAIN")])
def test_names_stay_when_another_service_goes(zone: Callable[..., Zone], faults: tuple[str, ...], code: str) -> None:
    made = zone(*faults)
    made.set(("shop", "web"), None, [])
    assert made.lookup(dns.name.from_text(f"names.{SVC}"), RdataType.A).code.name == code


@pytest.mark.parametrize(("faults", "kind"), [((), "CNAME"), (("stale-after-update",), "A")], ids=["sound", "faulty"])
def test_a_change_of_type_changes_the_records(zone: Callable[..., Zone], faults: tuple[str, ...], kind: str) -> None:
    made = zone(*faults)
    made.set(("shop", "web"), SERVICES["shop", "elsewhere"] | {"metadata": {"name": "web", "namespace": "shop"}}, [])
    records = made.lookup(dns.name.from_text(f"web.{SVC}"), RdataType.A).records
    assert [one.type.name for one in records] == [kind]


@pytest.mark.parametrize(("faults", "code"), [((), "NOERROR"), (("stale-after-update",), "NXDOMAIN")])
def test_a_service_made_again_has_its_name_again(zone: Callable[..., Zone], faults: tuple[str, ...], code: str) -> None:
    made = zone(*faults)
    for service in (None, SERVICES["shop", "web"]):
        made.set(("shop", "web"), service, [])
    assert made.lookup(dns.name.from_text(f"web.{SVC}"), RdataType.A).code.name == code


@pytest.mark.parametrize(("faults", "address"), [((), "10.244.1.9"), (("stale-endpoint-names",), "10.244.1.5")])
def test_an_endpoint_made_anew_has_its_name(zone: Callable[..., Zone], faults: tuple[str, ...], address: str) -> None:
    made = zone(*faults)
    key = ("shop", "peers")
    (whole,) = slices_of(key)
    first = whole["endpoints"][0] | {"addresses": ["10.244.1.9"]}
    made.set(key, SERVICES[key], [whole | {"endpoints": [first]}])
    assert [one.data for one in made.lookup(dns.name.from_text(f"first.peers.{SVC}"), RdataType.A).records] == [address]


def test_an_endpoint_that_leaves_takes_its_names_along(zone: Callable[..., Zone]) -> None:
    made = zone()
    key = ("shop", "peers")
    (whole,) = slices_of(key)
    made.set(key, SERVICES[key], [whole | {"endpoints": whole["endpoints"][1:]}])
    assert made.lookup(dns.name.from_text(f"first.peers.{SVC}"), RdataType.A).code.name == "NXDOMAIN"
    assert [one.data for one in made.lookup(dns.name.from_text(f"peers.{SVC}"), RdataType.A).records] == ["10.244.1.6"]

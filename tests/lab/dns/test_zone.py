from collections.abc import Callable

import dns.name
import pytest
from dns.rdatatype import RdataType

from svcproof.lab.dns.zone import Zone
from svcproof.lab.faults import Fault
from svcproof.lab.faults import dns as fault
from svcproof.lab.faults.dns import FAULTS
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
    (f"elsewhere.{SVC}", "A"): ("NOERROR", "CNAME www.example.com."),
    (f"elsewhere.{SVC}", "AAAA"): ("NOERROR", "CNAME www.example.com."),
    (f"digits.{SVC}", "A"): ("NOERROR", "CNAME 198.51.100.7."),
    (f"alias.{SVC}", "A"): ("NOERROR", "A 10.96.0.50", f"CNAME web.{SVC}"),
}

FAULTY = {
    fault.NO_SRV: (f"_http._tcp.web.{SVC}", "SRV", ("NXDOMAIN",)),
    fault.NO_PTR: ("50.0.96.10.in-addr.arpa.", "PTR", ("NXDOMAIN",)),
    fault.NO_TXT: ("dns-version.cluster.local.", "TXT", ("NXDOMAIN",)),
    fault.CASE_SENSITIVE: ("WeB.ShOp.svc.CLUSTER.local.", "A", ("NXDOMAIN",)),
    fault.NXDOMAIN_FOR_AAAA: (f"web.{SVC}", "AAAA", ("NXDOMAIN",)),
    fault.NODATA_FOR_MISSING: (f"missing.{SVC}", "A", ("NOERROR",)),
    fault.NAMESPACE_IGNORED: ("web.other.svc.cluster.local.", "A", ("NOERROR", "A 10.96.0.50")),
    fault.WRONG_CLUSTER_IP: (f"web.{SVC}", "A", ("NOERROR", "A 10.96.0.51")),
    fault.EXTERNAL_ADDRESS: (f"balanced.{SVC}", "A", ("NOERROR", "A 172.30.0.200")),
    fault.EXTERNAL_NAME_AS_ADDRESS: (f"alias.{SVC}", "A", ("NOERROR", "A 10.96.0.50")),
    fault.EXTERNAL_ADDRESS_LIKE_NAME: (f"digits.{SVC}", "A", ("NOERROR", "A 198.51.100.7")),
    fault.CNAME_WITHOUT_TARGET: (f"alias.{SVC}", "A", ("NOERROR", f"CNAME web.{SVC}")),
    fault.UNREADY_IN_HEADLESS: (f"empty.{SVC}", "A", ("NOERROR", "A 10.244.1.7")),
    fault.PUBLISHED_UNREADY_LEFT_OUT: (f"eager.{SVC}", "A", ("NXDOMAIN",)),
    fault.HEADLESS_ONLY_FIRST: (f"peers.{SVC}", "A", ("NOERROR", "A 10.244.1.5")),
    fault.NO_ENDPOINT_NAMES: (f"first.peers.{SVC}", "A", ("NXDOMAIN",)),
    fault.SRV_FOR_ANY_PROTOCOL: (f"_dns._tcp.names.{SVC}", "SRV", ("NOERROR", f"SRV 0 100 53 names.{SVC}")),
    fault.SRV_WITH_TARGET_PORT: (f"_http._tcp.web.{SVC}", "SRV", ("NOERROR", f"SRV 0 100 8080 web.{SVC}")),
}
OF_TRANSPORT = {fault.NO_TCP, fault.NO_UDP}
OF_TIME = {fault.STALE_AFTER_DELETE, fault.STALE_AFTER_UPDATE}


@pytest.mark.parametrize(("name", "kind"), SOUND)
def test_names_are_answered_as_specified(ask: Ask, name: str, kind: str) -> None:
    assert ask(name, kind) == SOUND[name, kind]


@pytest.mark.parametrize("one", FAULTY, ids=lambda one: one.name)
def test_a_fault_changes_an_answer(ask: Ask, one: Fault) -> None:
    name, kind, wrong = FAULTY[one]
    assert SOUND[name, kind] != wrong
    assert ask(name, kind, one.name) == wrong


def test_every_fault_is_shown_somewhere() -> None:
    assert {*FAULTY, *OF_TRANSPORT, *OF_TIME} == set(FAULTS)


def test_a_loop_of_names_ends(ask: Ask) -> None:
    code, *records = ask(f"loop.{SVC}", "A")
    assert code == "NOERROR"
    assert set(records) == {f"CNAME loop.{SVC}"}


@pytest.mark.parametrize(("faults", "left"), [((), "NXDOMAIN"), ((fault.STALE_AFTER_DELETE.name,), "NOERROR")])
def test_names_go_with_their_service(zone: Callable[..., Zone], faults: tuple[str, ...], left: str) -> None:
    made = zone(*faults)
    made.set(("shop", "web"), None, [])
    assert made.lookup(dns.name.from_text(f"web.{SVC}"), RdataType.A).code.name == left


@pytest.mark.parametrize(
    ("faults", "kind"), [((), "CNAME"), ((fault.STALE_AFTER_UPDATE.name,), "A")], ids=["sound", "faulty"]
)
def test_a_change_of_type_changes_the_records(zone: Callable[..., Zone], faults: tuple[str, ...], kind: str) -> None:
    made = zone(*faults)
    made.set(("shop", "web"), SERVICES["shop", "elsewhere"] | {"metadata": {"name": "web", "namespace": "shop"}}, [])
    records = made.lookup(dns.name.from_text(f"web.{SVC}"), RdataType.A).records
    assert [one.type.name for one in records] == [kind]


def test_an_endpoint_that_leaves_takes_its_names_along(zone: Callable[..., Zone]) -> None:
    made = zone()
    key = ("shop", "peers")
    (whole,) = slices_of(key)
    made.set(key, SERVICES[key], [whole | {"endpoints": whole["endpoints"][1:]}])
    assert made.lookup(dns.name.from_text(f"first.peers.{SVC}"), RdataType.A).code.name == "NXDOMAIN"
    assert [one.data for one in made.lookup(dns.name.from_text(f"peers.{SVC}"), RdataType.A).records] == ["10.244.1.6"]

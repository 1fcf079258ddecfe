"""The faults that a run on a lab can switch on: those of the lab's parts, and those of the reference proxy."""

from collections.abc import Collection, Sequence
from typing import Any

from svcproof.errors import near
from svcproof.fault import Fault
from svcproof.reference_proxy.faults import FAULTS as PROXY_FAULTS

FAULTS_BY_HAND = {
    "kind/always-single-stack": "Whatever ipFamilyPolicy says, a Service gets an address of its first family alone.",
    "kind/always-dual-stack": "A Service keeps its second family, whatever ipFamilyPolicy says.",
    "kind/always-ipv4-first": "A Service gets an IPv4 address first, whatever ipFamilies says.",
    "kind/empty-endpoint-slices": "EndpointSlices are made, and no endpoint is in them.",
    "kind/ipv4-not-served": "What is sent to ClusterIPs and node ports over IPv4 is not translated.",
    "kind/ipv6-not-served": "What is sent to ClusterIPs and node ports over IPv6 is not translated.",
    "kind/ipv6-sources-masqueraded": "Connections over IPv6 reach the backend with the address of a node.",
    "kind/ipv6-affinity-forgotten": "Who a client of an IPv6 address was given is forgotten at once.",
    "kind/dns-without-aaaa": "The cluster's DNS has no AAAA records.",
    "switch/external-ips-served": "A proxy that has been told not to serve externalIPs serves them.",
}
"""Faults that no lab can be told to have, since it lacks what they break: tests make them by hand.

`tests/kind/faults.py` says how those of `kind` are made, on a cluster of kind; `tests/lab/test_external_ips_off.py`
runs proxies whose declaration says that a switch is on.
"""


def known_faults() -> dict[str, Fault[Any]]:
    """Return `part/name` to fault, sorted."""
    # Only here, for with their faults come all parts of a lab, which most commands do without.
    from svcproof.lab.faults.parts import PARTS

    parts = {"proxy": PROXY_FAULTS, **PARTS}
    return dict(sorted((f"{part}/{fault.name}", fault) for part, faults in parts.items() for fault in faults))


def fault_problems(names: Sequence[str]) -> list[str]:
    """Return a sentence for each name that is not the name of a fault of a lab."""
    known = known_faults() if names else {}
    return [_problem(name, known) for name in names if name not in known]


def declared_problems(names: Sequence[str]) -> list[str]:
    """Return a sentence for each name, declared by a behaviour, that no fault has, of a lab or made by hand."""
    return fault_problems([name for name in names if name not in FAULTS_BY_HAND])


def _problem(name: str, known: Collection[str]) -> str:
    if summary := FAULTS_BY_HAND.get(name):
        return f"no lab can have the fault {name}; tests make it by hand: {summary}"
    return f"unknown fault {name!r}{near(name, known)}"

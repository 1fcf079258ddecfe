"""The faults that a run on a lab can switch on: those of the lab's parts, and those of the reference proxy."""

from collections.abc import Collection, Sequence
from typing import Any

from svcproof.errors import near
from svcproof.fault import Fault
from svcproof.providers.lab.faults_by_hand import FAULTS_BY_HAND
from svcproof.reference_proxy.faults import FAULTS as PROXY_FAULTS


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

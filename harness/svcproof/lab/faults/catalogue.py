"""All faults of all parts, by name."""

import pkgutil
from collections.abc import Collection, Sequence
from importlib import import_module

from svcproof.errors import near
from svcproof.lab import faults
from svcproof.lab.faults import Fault
from svcproof.lab.faults.elsewhere import ELSEWHERE


def known_faults() -> dict[str, Fault]:
    """Return `part/name` to fault, sorted; a module of this package that has `FAULTS` is a part."""
    modules = [import_module(f"{faults.__name__}.{one.name}") for one in pkgutil.iter_modules(faults.__path__)]
    found: list[Fault] = [fault for module in modules for fault in getattr(module, "FAULTS", ())]
    return {fault.name: fault for fault in sorted(found, key=lambda fault: fault.name)}


def fault_problems(names: Sequence[str]) -> list[str]:
    """Say of each name whether it is no fault that a lab can have."""
    known = known_faults()
    return [_problem(name, known) for name in names if name not in known]


def declared_problems(names: Sequence[str]) -> list[str]:
    """Say of each name that a behaviour declares whether it is no fault, of a lab or made by hand."""
    return [problem for name in names if name not in _by_hand() for problem in fault_problems([name])]


def _problem(name: str, known: Collection[str]) -> str:
    if summary := _by_hand().get(name):
        return f"no lab can have the fault {name}; tests make it by hand: {summary}"
    return f"unknown fault {name!r}{near(name, known)}"


def _by_hand() -> dict[str, str]:
    return {fault.name: fault.summary for fault in ELSEWHERE}

"""The faults that a run on a lab can switch on: those of the lab's parts, and those of the reference proxy."""

import pkgutil
from collections.abc import Collection, Sequence
from importlib import import_module

from svcproof.errors import near
from svcproof.lab import faults
from svcproof.lab.faults import Fault
from svcproof.providers.lab.faults_by_hand import FAULTS_BY_HAND
from svcproof.reference_proxy.faults import FAULTS as PROXY_FAULTS


def known_faults() -> dict[str, Fault]:
    """Return `part/name` to fault, sorted; each module of `svcproof.lab.faults` has the faults of a part."""
    modules = [import_module(f"{faults.__name__}.{module.name}") for module in pkgutil.iter_modules(faults.__path__)]
    known: list[Fault] = [fault for module in modules for fault in getattr(module, "FAULTS", ())]
    known += [Fault(name=f"proxy/{fault.name}", summary=fault.summary, source=fault.source) for fault in PROXY_FAULTS]
    return {fault.name: fault for fault in sorted(known, key=lambda fault: fault.name)}


def fault_problems(names: Sequence[str]) -> list[str]:
    """Return a sentence for each name that is not the name of a fault of a lab."""
    known = known_faults()
    return [_problem(name, known) for name in names if name not in known]


def declared_problems(names: Sequence[str]) -> list[str]:
    """Return a sentence for each name, declared by a behaviour, that no fault has, of a lab or made by hand."""
    return [problem for name in names if name not in _by_hand() for problem in fault_problems([name])]


def _problem(name: str, known: Collection[str]) -> str:
    if summary := _by_hand().get(name):
        return f"no lab can have the fault {name}; tests make it by hand: {summary}"
    return f"unknown fault {name!r}{near(name, known)}"


def _by_hand() -> dict[str, str]:
    return {fault.name: fault.summary for fault in FAULTS_BY_HAND}

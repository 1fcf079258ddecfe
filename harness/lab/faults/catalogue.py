"""All faults of all parts, by name."""

import pkgutil
from collections.abc import Sequence
from importlib import import_module

from harness.errors import near
from harness.lab import faults
from harness.lab.faults import Fault


def known_faults() -> dict[str, Fault]:
    """Return `part/name` to fault, sorted; a module of this package that has `FAULTS` is a part."""
    modules = [import_module(f"{faults.__name__}.{one.name}") for one in pkgutil.iter_modules(faults.__path__)]
    found: list[Fault] = [fault for module in modules for fault in getattr(module, "FAULTS", ())]
    return {fault.name: fault for fault in sorted(found, key=lambda fault: fault.name)}


def fault_problems(names: Sequence[str]) -> list[str]:
    """Say of each name whether it is no fault."""
    known = known_faults()
    return [f"unknown fault {name!r}{near(name, known)}" for name in names if name not in known]

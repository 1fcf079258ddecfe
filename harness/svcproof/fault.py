"""The declaration of a fault: a mutation of the rules of one part, which knows nothing of it."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

Rules = TypeVar("Rules")


@dataclass(frozen=True, slots=True)
class Fault(Generic[Rules]):
    """One way to be wrong: `mutate` takes the rules of a part, a frozen value of pure functions, and returns others.

    `source` is the URL of a real bug that the fault stands for, where there is one.
    """

    name: str
    summary: str
    mutate: Callable[[Rules], Rules]
    source: str = ""


def mutated(rules: Rules, faults: Iterable[Fault[Rules]], names: Collection[str]) -> Rules:
    """Return the rules with the mutations of those faults that are named."""
    for fault in faults:
        if fault.name in names:
            rules = fault.mutate(rules)
    return rules

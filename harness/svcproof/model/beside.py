"""Facts of bystanders that broke beside other checks, joined with those of their own checks: pure functions."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from svcproof.model.fact import Fact, Finding


def parted(facts: Iterable[Fact]) -> tuple[tuple[Fact, ...], tuple[Fact, ...]]:
    """The facts that checks of the behaviour itself found, and those that were found beside other checks."""
    facts = tuple(facts)
    return tuple(fact for fact in facts if not fact.beside), tuple(fact for fact in facts if fact.beside)


def joined(own: Sequence[Fact], beside: Sequence[Fact]) -> tuple[Fact, ...]:
    """The facts of one behaviour, one per repeat: what broke beside another check refutes what its own check showed.

    Nothing that the own check found excuses it, and a refutation by the own check itself stays the one that is told.
    """
    worst: dict[int, Fact] = {}
    for attempt in sorted({fact.attempt for fact in beside}):
        broken = [fact for fact in beside if fact.attempt == attempt]
        worst[attempt] = _with_others(broken[0], broken[1:])
    kept = [worst.pop(fact.attempt, fact) if fact.finding is not Finding.REFUTED else fact for fact in own]
    refuted = {fact.attempt for fact in kept if fact.finding is Finding.REFUTED}
    return (*kept, *(fact for attempt, fact in worst.items() if attempt not in refuted))


def _with_others(first: Fact, others: Sequence[Fact]) -> Fact:
    checks = dict.fromkeys(fact.beside for fact in others)
    if not checks:
        return first
    return replace(first, reason=f"{first.reason.strip()}\nand so it was beside {', '.join(checks)}")

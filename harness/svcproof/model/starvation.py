"""Facts of checks that suffered on a starved machine, and of the same checks tried once more: pure functions."""

from collections.abc import Sequence
from dataclasses import replace

from svcproof.model.fact import Fact, Finding

SUFFERING = frozenset({Finding.REFUTED, Finding.INCONCLUSIVE, Finding.BROKE})
"""Findings that a starved machine can be the reason for; what was confirmed was seen."""
STARVED = "the machine was starved"


def is_excused(fact: Fact) -> bool:
    """True if nothing follows from a fact, since the machine was starved, and not by the proxy under test itself."""
    machine = fact.machine
    return fact.finding in SUFFERING and machine is not None and machine.starved and not machine.starved_by_proxy


def settled(facts: Sequence[Fact]) -> tuple[Fact, ...]:
    """The facts of one behaviour, one per repeat: that of a repeat which was tried once more is of both tries."""
    retries = {fact.attempt: fact for fact in facts if fact.retry}
    firsts = [fact for fact in facts if not fact.retry]
    known = {fact.attempt for fact in firsts}
    orphans = [fact for fact in facts if fact.retry and fact.attempt not in known]
    return tuple(_settled(fact, retries.get(fact.attempt)) for fact in (*firsts, *orphans))


def _settled(first: Fact, retry: Fact | None) -> Fact:
    """The fact of a check: only a second refutation on a machine that was well, or starved by the proxy, refutes."""
    if not is_excused(first):
        return _blamed(first)
    retry = None if retry is first else retry
    if retry is not None and retry.finding is not Finding.CONFIRMED and _decides(retry):
        note = f"this was the second try: at the first one {STARVED} ({first.machine})"
        return replace(retry, reason=f"{_blamed(retry).reason.strip()}\n{note}")
    return replace(first, finding=Finding.BROKE, reason=f"{STARVED}: {_outcome(first, retry)}")


def _decides(retry: Fact) -> bool:
    return not is_excused(retry) and retry.finding is not Finding.NOT_REACHED


def _outcome(first: Fact, retry: Fact | None) -> str:
    """Describe both tries, neither of which decides."""
    match retry:
        case None:
            again = "it has not been tried again"
        case Fact(finding=Finding.CONFIRMED):
            again = "tried once more, alone, it held"
        case Fact(finding=Finding.NOT_REACHED):
            again = f"the second try showed nothing: {retry.reason}"
        case _:
            again = (
                f"so it was when this was tried once more, alone ({retry.machine}), and that was {retry.finding} too"
            )
    return f"{first.machine}; {again}\nat first it was {first.finding}: {first.reason.strip() or 'without a reason'}"


def _blamed(fact: Fact) -> Fact:
    """The fact, which says so where the proxy itself starved the machine."""
    if fact.finding not in SUFFERING or fact.machine is None or not fact.machine.starved_by_proxy:
        return fact
    return replace(fact, reason=f"{fact.reason.strip()}\nthe proxy itself starved the machine: {fact.machine}")

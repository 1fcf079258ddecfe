"""The lines on bystanders: how many looks at them were lost in a run, by node, and beside which checks."""

from collections.abc import Iterator
from dataclasses import dataclass

from rich.text import Text

from svcproof.model.bystander import BystanderRecord, NodeTally, Tallied
from svcproof.model.run import Run
from svcproof.printable import one_line
from svcproof.report.words import escaped

WORST = 3
"""Checks that are named, those with the longest gaps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suffered(Tallied):
    """The looks at bystanders in a whole run.

    `nodes` has the sums and the longest gap of each node; `gaps` the longest gap beside each check that had one.
    """

    services: int
    checks: int
    nodes: tuple[NodeTally, ...]
    gaps: tuple[tuple[float, str], ...]


def suffered(run: Run) -> Suffered | None:
    """The sums of all looks at the bystanders of a run; None where it had none."""
    records = [(fact.id, fact.bystanders) for fact in run.facts if fact.bystanders and not fact.beside]
    if not records:
        return None
    sums: dict[str, NodeTally] = {}
    for _, record in records:
        for tally in record.nodes:
            known = sums.get(tally.node, NodeTally(node=tally.node, tries=0))
            sums[tally.node] = NodeTally(
                node=tally.node,
                tries=known.tries + tally.tries,
                lost=known.lost + tally.lost,
                gap=max(known.gap, tally.gap),
            )
    gaps = sorted(((record.gap, _began_in(check, record)) for check, record in records if record.lost), reverse=True)
    return Suffered(
        services=max(record.services for _, record in records),
        checks=len(records),
        nodes=tuple(sums[node] for node in sorted(sums)),
        gaps=tuple(gaps),
    )


def _began_in(check: str, record: BystanderRecord) -> str:
    """The check in which the longest gap of a record began: it may have been there when this one did."""
    longest = max(record.disturbances, key=lambda disturbance: disturbance.gap, default=None)
    return longest.changes[0].check if longest and longest.at < 0 and longest.changes else check


def bystander_lines(run: Run) -> Iterator[Text]:
    """The sum of a run, and lines for nodes that lost something and for checks beside which it was worst."""
    whole = suffered(run)
    if whole is None:
        return
    lost = f"{whole.lost:,} lost" if whole.lost else "none lost"
    yield escaped(
        f"\nbystanders: {whole.services} Services beside {whole.checks} checks, {whole.tries:,} looks, {lost}"
    )
    for tally in whole.nodes:
        if tally.lost:
            place = f"from {one_line(tally.node)}" if tally.node else "from outside"
            yield escaped(f"  {place}: {tally.lost:,} of {tally.tries:,} lost, longest gap {tally.gap:.2f} s")
    for gap, check in whole.gaps[:WORST]:
        yield escaped(f"  beside {one_line(check)}: longest gap {gap:.2f} s")

"""Gaps in traffic: for each check that kept sending while something happened, the time each stream went unanswered.

Pure functions of a matrix.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from svcproof.model.fact import Fact, Finding
from svcproof.model.matrix import Matrix
from svcproof.model.traffic import Streams, Traffic
from svcproof.report.pictures.strips import Strip

LOOKED = frozenset({Finding.CONFIRMED, Finding.REFUTED})
"""The findings of checks that were made to their end: what others sent shows nothing of the proxy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gaps(Strip):
    """The longest gap of each stream of one check in one run, as a row of a picture; 0 where every try was answered."""

    sent: int
    """The number of tries of all streams."""
    lost: int
    """Those that none of our backends answered."""


def gaps(matrix: Matrix) -> Mapping[str, Sequence[Gaps]]:
    """A row for each run that made the check of a behaviour which kept sending, by the behaviour's id."""
    by_run = {column.name: _streams(column.run.facts) for column in matrix.columns}
    return {
        row.behaviour.id: rows
        for row in matrix.rows
        if (
            rows := [_row(name, found[row.behaviour.id]) for name, found in by_run.items() if row.behaviour.id in found]
        )
    }


def _streams(facts: Iterable[Fact]) -> Mapping[str, Streams]:
    """The traffic of each behaviour's checks, all repeats together."""
    found: dict[str, Streams] = {}
    for fact in facts:
        traffic = tuple(event.traffic for event in fact.events if event.traffic)
        if traffic and fact.finding in LOOKED:
            found[fact.id] = Streams((*found.get(fact.id, ()), *traffic))
    return found


def _row(name: str, streams: Streams) -> Gaps:
    worst = max(streams, key=_gap)
    return Gaps(
        name=name,
        times=tuple(sorted((_gap(stream), _gap(stream)) for stream in streams)),
        worst_at=f"{worst.vantage} -> {worst.target}" if worst.lost else "",
        sent=streams.sent,
        lost=streams.lost,
    )


def _gap(stream: Traffic) -> float:
    return stream.longest_gap if stream.lost else 0.0

"""Distributions of convergence: for each kind of change and each run, the time after which each vantage saw it.

Pure functions of a matrix.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from svcproof.model.convergence import ChangeKind, Convergence
from svcproof.model.matrix import Matrix
from svcproof.report.convergence import measured


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """The distribution of one row of a picture. Each time is known to lie between two looks.

    `times` has, for each vantage after each change, in seconds: the last look that was wrong, or 0, and the first
    after which each was right.
    """

    name: str
    times: tuple[tuple[float, float], ...]
    worst_at: str
    """The vantage and the behaviour of the slowest."""

    @property
    def median(self) -> tuple[float, float]:
        """The times between which the median lies."""
        return median(wrong for wrong, _ in self.times), median(right for _, right in self.times)

    @property
    def worst(self) -> tuple[float, float]:
        """The slowest."""
        return max(self.times, key=lambda time: time[1])

    @property
    def apart(self) -> float:
        """The usual time between two looks: nothing faster could be told from nothing."""
        return median(right - wrong for wrong, right in self.times)


def strips(matrix: Matrix) -> Mapping[str, Sequence[Strip]]:
    """The strips of each picture, by its title: a picture for each kind of change, or one of all kinds for one run."""
    by_run = [(column.name, _by_kind(measured(column.run))) for column in matrix.columns]
    if len(by_run) == 1:
        ((_, kinds),) = by_run
        return (
            {"every kind of change": [_strip(kind, kinds[kind]) for kind in ChangeKind if kind in kinds]}
            if kinds
            else {}
        )
    pictures = {kind: [_strip(name, kinds[kind]) for name, kinds in by_run if kind in kinds] for kind in ChangeKind}
    return {str(kind): rows for kind, rows in pictures.items() if rows}


def _by_kind(convergences: Iterable[Convergence]) -> Mapping[ChangeKind, Sequence[Convergence]]:
    kinds: dict[ChangeKind, list[Convergence]] = {}
    for convergence in convergences:
        if convergence.settled is not None:
            kinds.setdefault(convergence.kind, []).append(convergence)
    return kinds


def _strip(name: str, convergences: Sequence[Convergence]) -> Strip:
    worst = max(convergences, key=lambda convergence: convergence.settled or 0.0)
    place = f" from {worst.vantage}" if worst.vantage else ""
    times = ((each.last_wrong or 0.0, each.settled or 0.0) for each in convergences)
    return Strip(name=name, times=tuple(sorted(times)), worst_at=worst.behaviour + place)

"""The behaviours in which runs differ, for the top of a page: of each, who shows what. Pure functions of a matrix."""

from collections.abc import Sequence
from dataclasses import dataclass

from svcproof.model.judgement import TESTED, Observed
from svcproof.model.matrix import Matrix, Row
from svcproof.report.comparison.words import GLYPHS, differing, parted
from svcproof.report.page.views import keys, why

FEW = 3
"""Runs that are named where they are all those that the runs named before them leave."""
SEVERITY = tuple(GLYPHS)
"""All that can be observed, the worst last."""
MOST = 20
"""Behaviours that are listed on top; all of them are in the table below."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownView:
    """One thing that was shown, with the names of the runs that show it; `run` is that whose cell tells more."""

    mark: str
    observed: Observed
    names: tuple[str, ...]
    run: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferenceView:
    """A behaviour in which runs differ, with each thing that was shown."""

    behaviour: str
    requirement: str
    shown: tuple[ShownView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferencesView:
    """The behaviours in which runs differ, the worst first; `more` is the number of those that are not listed."""

    sentence: str
    rows: tuple[DifferenceView, ...]
    more: int


def differences(matrix: Matrix) -> DifferencesView:
    """The differences between the runs of a matrix."""
    runs = keys(matrix.columns)
    rows = sorted((matrix.rows[number] for number in differing(matrix)), key=_severity, reverse=True)
    return DifferencesView(
        sentence=sentence(rows),
        rows=tuple(_difference(row, matrix, runs) for row in rows[:MOST]),
        more=max(0, len(rows) - MOST),
    )


def sentence(rows: Sequence[Row]) -> str:
    """The weight of these differences, in a sentence."""
    left_open = sum(map(_is_open, rows))
    if not rows:
        return "No behaviour is shown to differ."
    if left_open == len(rows):
        return "Kubernetes leaves each of these open: whichever way a proxy goes, it is no failure."
    if not left_open:
        return "Kubernetes promises or recommends each of these."
    return f"Kubernetes promises or recommends {len(rows) - left_open} of these, and leaves {left_open} open."


def _severity(row: Row) -> int:
    """The place in SEVERITY of the worst that was shown of a row; 0 where Kubernetes leaves it open."""
    return 0 if _is_open(row) else max(SEVERITY.index(cell.observed) for cell in row.cells)


def _is_open(row: Row) -> bool:
    """True if Kubernetes leaves it open: no run has tested it, some have recorded which way it goes."""
    return not any(cell.observed in TESTED for cell in row.cells)


def _difference(row: Row, matrix: Matrix, runs: Sequence[str]) -> DifferenceView:
    parts = parted(row)
    ordered = sorted(parts.items(), key=lambda part: -SEVERITY.index(row.cells[part[1][0]].observed))
    is_shown_by_all = sum(map(len, parts.values())) == len(row.cells) and len(parts) > 1
    return DifferenceView(
        behaviour=row.behaviour.id,
        requirement=row.behaviour.requirement,
        shown=tuple(
            ShownView(
                mark=text,
                observed=row.cells[numbers[0]].observed,
                names=_names(matrix, numbers, is_rest=is_shown_by_all and text == ordered[-1][0]),
                run=runs[numbers[0]],
                why="" if row.cells[numbers[0]].observed is Observed.PASS else why(row.cells[numbers[0]]),
            )
            for text, numbers in ordered
        ),
    )


def _names(matrix: Matrix, numbers: Sequence[int], *, is_rest: bool) -> tuple[str, ...]:
    """The names of runs; many that are all the rest are only counted."""
    if is_rest and len(numbers) > FEW:
        return (f"the other {len(numbers)}",)
    return tuple(matrix.columns[number].name for number in numbers)

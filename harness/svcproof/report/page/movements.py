"""The movements from an earlier run to a later one, as the page shows them. Pure functions of a matrix of two."""

from collections.abc import Iterator
from dataclasses import dataclass

from svcproof.model.judgement import Observed
from svcproof.model.matrix import Matrix
from svcproof.model.movement import Moved, Movement
from svcproof.report.comparison.words import mark, moves, totals, unlike
from svcproof.report.page.views import keys, why

MEANINGS = {
    Movement.REGRESSION: "it held, and no longer does",
    Movement.FIXED: "it did not hold, and does now",
    Movement.NO_LONGER_SHOWN: "one way or the other was shown, and now neither is",
    Movement.NOW_SHOWN: "neither was shown, and one is now",
    Movement.CHANGED: "another outcome, which is neither better nor worse",
    Movement.NEW: "the later run alone selected them",
    Movement.RETIRED: "the earlier run alone selected them",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedView:
    """A behaviour that moved: its marks then and now; `run` and `behaviour` name the cell that tells why."""

    behaviour: str
    requirement: str
    before: str
    after: str
    observed: Observed
    why: str
    run: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MovementView:
    """A kind of movement, with the behaviours that moved so."""

    title: str
    meaning: str
    moved: tuple[MovedView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AgainstView:
    """A run against an earlier one: movements, how much each run shows, and in what they are not alike."""

    earlier: str
    later: str
    movements: tuple[MovementView, ...]
    notes: tuple[str, ...]


def against(matrix: Matrix) -> AgainstView:
    """The view of a matrix of two runs, the earlier one first."""
    earlier, later = matrix.columns
    return AgainstView(
        earlier=earlier.name,
        later=later.name,
        movements=tuple(_movements(matrix)),
        notes=(*totals(matrix), *unlike(matrix)),
    )


def _movements(matrix: Matrix) -> Iterator[MovementView]:
    earlier, later = keys(matrix.columns)
    for kind, entries in moves(matrix).items():
        run = earlier if kind is Movement.RETIRED else later
        yield MovementView(title=kind, meaning=MEANINGS[kind], moved=tuple(_moved(entry, run) for entry in entries))


def _why(entry: Moved) -> str:
    if entry.after.observed is Observed.RECORDED:
        return "Kubernetes leaves it open"
    return "" if entry.movement is Movement.RETIRED else why(entry.after)


def _moved(entry: Moved, run: str) -> MovedView:
    return MovedView(
        behaviour=entry.row.behaviour.id,
        requirement=entry.row.behaviour.requirement,
        before=mark(entry.before) or "not selected",
        after=mark(entry.after) or "not selected",
        observed=entry.after.observed,
        why=_why(entry),
        run=run,
    )

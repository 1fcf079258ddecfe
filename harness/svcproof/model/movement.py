"""The movement from one run to a later one, behaviour by behaviour. Pure functions of a matrix of the two."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from svcproof.model.judgement import REFUTED, TESTED, Observed
from svcproof.model.matrix import Cell, Matrix, Row


class Movement(StrEnum):
    """The kind of a change between two runs."""

    REGRESSION = "regressions"
    """It held, and no longer does."""
    FIXED = "fixed"
    """It did not hold, and does now."""
    NO_LONGER_SHOWN = "no longer shown"
    """One way or the other was shown, and now neither is: untestable, an error, or not run."""
    NOW_SHOWN = "shown now"
    """Neither was shown, and one of them is now."""
    CHANGED = "changed otherwise"
    """Another verdict that is neither, such as a deviation that is documented now, or what a MAY recorded."""
    NEW = "new behaviours"
    """Selected by the later run alone."""
    RETIRED = "retired behaviours"
    """Selected by the earlier run alone."""
    SAME = "unchanged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A behaviour, and how it moved from `before` to `after`."""

    row: Row
    movement: Movement
    before: Cell
    after: Cell


def movements(of: Matrix) -> Mapping[Movement, tuple[Moved, ...]]:
    """Every behaviour of a matrix of two columns, the earlier run first, by its movement; each kind is there."""
    moved = [_moved(row) for row in of.rows]
    return {kind: tuple(each for each in moved if each.movement is kind) for kind in Movement}


def _moved(row: Row) -> Moved:
    before, after = row.cells
    return Moved(row=row, movement=_movement(before, after), before=before, after=after)


def _movement(before: Cell, after: Cell) -> Movement:
    shown = (before.observed in {*TESTED, Observed.RECORDED}, after.observed in {*TESTED, Observed.RECORDED})
    match before.observed, after.observed:
        case Observed.NO_RUN, _:
            return Movement.NEW
        case _, Observed.NO_RUN:
            return Movement.RETIRED
        case Observed.PASS, bad if bad in REFUTED:
            return Movement.REGRESSION
        case earlier, Observed.PASS if earlier in TESTED - {Observed.PASS}:
            return Movement.FIXED
    if shown == (True, False):
        return Movement.NO_LONGER_SHOWN
    if shown == (False, True):
        return Movement.NOW_SHOWN
    same = (before.observed, before.way) == (after.observed, after.way)
    return Movement.SAME if same else Movement.CHANGED

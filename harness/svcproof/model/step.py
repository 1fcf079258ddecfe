"""Steps of a check: what it prepares, controls, claims and asserts, one after another or one in another."""

from dataclasses import dataclass
from enum import StrEnum


class StepKind(StrEnum):
    """The part that a step has in its check."""

    ARRANGE = "arrange"
    """Brings about or awaits what the check builds on but does not claim."""
    CONTROL = "control"
    """Shows that the check could see what it looks for; if it fails, nothing follows from the rest."""
    EVENTUALLY = "eventually"
    """Looks again and again until what is claimed shows."""
    CONSISTENTLY = "consistently"
    """Looks again and again while what is claimed must show."""
    ASSERT = "assert"
    """Compares what was seen with what is claimed."""
    CLEAN_UP = "clean up"
    """Removes what the check has made; kept in the fact where it failed."""


class StepEnd(StrEnum):
    """The end of a step."""

    HELD = "held"
    """It showed what was expected."""
    REFUTED = "refuted"
    """It did not show what was expected."""
    BROKE = "broke"
    """An error ended the step before either could be said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settling:
    """The looks of one step from one vantage: when what was expected first showed there, and when it last did not.

    Times are seconds since the check began, of the beginning of a look. `vantage` is empty where a look was not one
    of probes; `node` where it is not in the cluster.
    """

    vantage: str = ""
    node: str = ""
    looks: int
    """The number of looks."""
    first_right: float | None = None
    """The first look in which what was expected showed; None where there was none."""
    last_wrong: float | None = None
    """None: it was right in each look."""
    settled: float | None = None
    """The first look after which each was right; None where the last one was wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step of a check. Times are seconds since the check began.

    `expected` is in words: of a control its reason, of an assert the claim. `inside` is the number of the step that
    this one is part of, where there is one. `limit` is the time it had, in seconds: for `eventually` at most, for
    `consistently` the whole of it.
    """

    kind: StepKind
    expected: str
    began: float
    """The time at which it began."""
    ended: float
    """The time at which it ended."""
    end: StepEnd = StepEnd.HELD
    inside: int | None = None
    limit: float | None = None
    settling: tuple[Settling, ...] = ()

"""The plan of a matrix: which combinations are due, and why. A pure function of what is declared and what is kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase

from svcproof.combinations.ingredients import Ingredients, changes
from svcproof.combinations.record import Kept
from svcproof.errors import UsageError, near
from svcproof.model.combination import Combination
from svcproof.printable import quoted


class State(StrEnum):
    """The treatment of a combination."""

    DUE = "to be run"
    DONE = "done"
    LEFT_OUT = "left out"
    """By --only, whatever is there of it."""
    IMPOSSIBLE = "cannot be had"


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """One combination with its treatment; `why` is the reason in words."""

    combination: Combination
    state: State
    why: str
    kept: Kept


def plan(
    combinations: Sequence[Combination],
    ingredients: Mapping[str, Ingredients],
    kept: Mapping[str, Kept],
    *,
    only: Sequence[str] = (),
    again: Sequence[str] = (),
) -> tuple[Planned, ...]:
    """Plan the combinations, in their order. `only` and `again` are patterns of ids, as of file names.

    Raises UsageError for a pattern that none of them has.
    """
    ids = [combination.id for combination in combinations]
    problems = [
        f"--{option} {quoted(pattern)}: no combination of the matrix is called so{near(pattern, ids)}"
        for option, patterns in (("only", only), ("again", again))
        for pattern in patterns
        if not any(_matches(name, [pattern]) for name in ids)
    ]
    if problems:
        raise UsageError(problems)
    return tuple(
        _planned(
            combination,
            ingredients[combination.id],
            kept[combination.id],
            only,
            is_again=_matches(combination.id, again),
        )
        for combination in combinations
    )


def _planned(combination: Combination, now: Ingredients, kept: Kept, only: Sequence[str], *, is_again: bool) -> Planned:
    if combination.impossible:
        state, why = State.IMPOSSIBLE, combination.impossible
    elif only and not _matches(combination.id, only):
        state, why = State.LEFT_OUT, "--only leaves it out"
    elif is_again:
        state, why = State.DUE, "--again asks for it"
    elif why := _due(now, kept):
        state = State.DUE
    else:
        state, why = State.DONE, "nothing that it is made of has changed"
    return Planned(combination=combination, state=state, why=why, kept=kept)


def _due(now: Ingredients, kept: Kept) -> str:
    """The reason for which a run is due; empty if it is not."""
    if kept.damage:
        return kept.damage
    if kept.record is None:
        return "it was not run yet"
    if kept.record.reason:
        return "it could not be had the last time"
    return changes(kept.record.ingredients, now)


def _matches(name: str, patterns: Sequence[str]) -> bool:
    """True if a pattern fits the id of a combination, or one of the parts between its commas."""
    return any(fnmatchcase(part, pattern) for pattern in patterns for part in (name, *name.split(",")))

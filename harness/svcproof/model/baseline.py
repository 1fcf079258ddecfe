"""The baseline of a proxy: the failures that are known, and a strict comparison of a run with them.

An entry excuses nothing in a verdict: it changes the exit code of a run, and how the failure is told. So that the same
run always ends alike, an entry has expired if its day was past when the run began. Pure functions of verdicts.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from svcproof.exit_code import ExitCode
from svcproof.model.judgement import OBSERVED, Observed
from svcproof.model.verdict import REFUTED, Ruling, Verdict, exit_code
from svcproof.model.words import Declared, filled, filled_url

Name = Annotated[str, Field(min_length=1, max_length=1000)]


class Entry(Declared):
    """A failure that is known."""

    behaviour: Name
    """The behaviour's id, as `svcproof list` prints it."""
    observed: Literal[Observed.FAIL, Observed.FLAKY, Observed.WEAK] | None = None
    """The word of the run on it. Without the key any of the three is as listed; `flaky` may hold now and then."""
    why: Annotated[str, AfterValidator(filled)]
    """The reason, in a few words."""
    url: Annotated[str, AfterValidator(filled_url)]
    """The issue that is open about it."""
    owner: Annotated[str, AfterValidator(filled)]
    """The person or team that sees to it."""
    until: date
    """The last day on which the entry holds, such as 2027-03-01; then it is to be mended, or renewed."""


class Baseline(Declared):
    """The failures of a proxy that are known."""

    baseline: Literal[1]
    """The format of the file."""
    entries: Annotated[tuple[Entry, ...], Field(max_length=10_000)]
    """One for each behaviour, which is then expected to fail. There may be none: nothing is expected to fail then."""


class Standing(StrEnum):
    """The outcome of one behaviour beside the baseline."""

    UNLISTED = "fails, and is not in the baseline"
    OTHERWISE = "fails otherwise than the baseline says"
    STALE = "in the baseline, and holds"
    EXPIRED = "in the baseline, and expired"
    EXPECTED = "fails as the baseline says"
    HELD = "flaky by the baseline, and held this time"
    NOT_EXERCISED = "in the baseline, and not exercised"


FAILING = frozenset({Standing.UNLISTED, Standing.OTHERWISE, Standing.STALE, Standing.EXPIRED})
"""The outcomes for which a run exits with 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One behaviour that failed, or has an entry. `verdict` is None where the run did not select it."""

    behaviour: str
    standing: Standing
    entry: Entry | None = None
    verdict: Verdict | None = None


def comparisons(baseline: Baseline, verdicts: Sequence[Verdict], day: date) -> tuple[Comparison, ...]:
    """Compare a run that began on this day with a baseline; entries that it did not select come last."""
    entries = {entry.behaviour: entry for entry in baseline.entries}
    selected = {verdict.behaviour.id for verdict in verdicts}
    others = (entry for entry in baseline.entries if entry.behaviour not in selected)
    unselected = (
        Comparison(behaviour=entry.behaviour, standing=Standing.NOT_EXERCISED, entry=entry) for entry in others
    )
    return (*_compared(verdicts, entries, day), *unselected)


def exit_code_beside(compared: Iterable[Comparison], verdicts: Iterable[Verdict]) -> ExitCode:
    """1 for what is not as the baseline says; else what the verdicts say of behaviours without an entry."""
    compared = tuple(compared)
    if any(comparison.standing in FAILING for comparison in compared):
        return ExitCode.FAILED
    listed = {comparison.behaviour for comparison in compared if comparison.entry}
    return exit_code(verdict for verdict in verdicts if verdict.behaviour.id not in listed)


def standing_of(verdict: Verdict, entry: Entry, day: date) -> Standing:
    """The outcome of a behaviour that has an entry, in a run that began on this day."""
    if entry.until < day:
        return Standing.EXPIRED
    if verdict.ruling in REFUTED:
        as_listed = entry.observed in {None, Observed.FLAKY, OBSERVED[verdict.ruling]}
        return Standing.EXPECTED if as_listed else Standing.OTHERWISE
    if verdict.ruling is Ruling.PASS:
        return Standing.HELD if entry.observed is Observed.FLAKY else Standing.STALE
    return Standing.NOT_EXERCISED


def is_expected(verdict: Verdict, baseline: Baseline | None, day: date) -> bool:
    """True if the verdict is as the baseline says of it."""
    entries = (entry for entry in (baseline.entries if baseline else ()) if entry.behaviour == verdict.behaviour.id)
    return any(standing_of(verdict, entry, day) is Standing.EXPECTED for entry in entries)


def _compared(verdicts: Iterable[Verdict], entries: dict[str, Entry], day: date) -> Iterator[Comparison]:
    for verdict in verdicts:
        name, entry = verdict.behaviour.id, entries.get(verdict.behaviour.id)
        if entry:
            standing = standing_of(verdict, entry, day)
            yield Comparison(behaviour=name, standing=standing, entry=entry, verdict=verdict)
        elif verdict.fails_the_run:
            yield Comparison(behaviour=name, standing=Standing.UNLISTED, verdict=verdict)

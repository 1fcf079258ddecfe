"""The outcome of a run in a few numbers and one word, the same in each report that has room for no more."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from svcproof.exit_code import ExitCode
from svcproof.model.run import COMPLETED, Run
from svcproof.model.verdict import Ruling, Verdict


class Word(StrEnum):
    """The conclusion about a run, as its exit code has it."""

    PASSED = "passed"
    FAILED = "failed"
    UNDECIDED = "undecided"
    INTERRUPTED = "interrupted"
    EMPTY = "nothing selected"


WORDS: Mapping[ExitCode, Word] = {
    ExitCode.OK: Word.PASSED,
    ExitCode.FAILED: Word.FAILED,
    ExitCode.INTERRUPTED: Word.INTERRUPTED,
    ExitCode.UNDECIDED: Word.UNDECIDED,
    ExitCode.NOTHING_SELECTED: Word.EMPTY,
}
AGAINST = (Ruling.FAIL, Ruling.FLAKY, Ruling.WEAK)
"""Rulings that speak against the proxy."""
UNKNOWN = frozenset({Ruling.ERROR, Ruling.BLOCKED, Ruling.NOT_RUN})
"""Rulings on behaviours that a run was to show, of which nothing follows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The outcome of a run.

    `failed` counts the MUSTs that do not hold, `unknown` what could not be told or was not run; of the `core` ones that
    were selected, `shown` hold. Without `whole` these are not all that the suites have, so that `core` says nothing of
    the proxy.
    """

    word: Word
    failed: int
    unknown: int
    shown: int
    core: int
    complete: bool
    whole: bool

    @property
    def sentence(self) -> str:
        """The numbers in words."""
        failed = f"{self.failed} MUST{'' if self.failed == 1 else 's'} {'does' if self.failed == 1 else 'do'} not hold"
        unknown = f", {self.unknown} could not be told" if self.unknown else ""
        core = f"{self.shown} of {self.core} core behaviours shown" if self.core else "no core behaviour selected"
        return f"{failed}{unknown}; {core}{'' if self.whole else ' (a partial selection)'}"


def outcome(run: Run, verdicts: Sequence[Verdict]) -> Outcome:
    """The outcome of a run with these verdicts."""
    core = [verdict for verdict in verdicts if verdict.behaviour.core]
    return Outcome(
        word=WORDS[run.exit_code(tuple(verdicts))],
        failed=sum(verdict.fails_the_run for verdict in verdicts),
        unknown=sum(verdict.ruling in UNKNOWN for verdict in verdicts),
        shown=sum(verdict.ruling is Ruling.PASS for verdict in core),
        core=len(core),
        complete=run.why == COMPLETED,
        whole=is_whole(run),
    )


def failures(verdicts: Sequence[Verdict]) -> list[Verdict]:
    """The verdicts that speak against the proxy: first those that fail the run."""
    against = (verdict for verdict in verdicts if verdict.ruling in AGAINST)
    return sorted(against, key=lambda verdict: (not verdict.fails_the_run, AGAINST.index(verdict.ruling)))


def is_whole(run: Run) -> bool:
    """True where nothing but a profile selected among the behaviours of the suites."""
    header = run.header
    return not (header.criteria or header.expression or header.shard or header.again_from)

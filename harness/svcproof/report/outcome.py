"""The outcome of a run in a few numbers and one word, the same in each report that has room for no more."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from svcproof.exit_code import ExitCode
from svcproof.model.baseline import FAILING, Comparison, Standing
from svcproof.model.run import COMPLETED, Run
from svcproof.model.verdict import REFUTED, Ruling, Verdict


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
UNKNOWN = frozenset({Ruling.ERROR, Ruling.BLOCKED})
"""Rulings on behaviours that were checked, of which nothing follows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The outcome of a run.

    `failed` counts the MUSTs that do not hold, `unknown` what could not be told, `not_run` what the run did not get to;
    of the `core` behaviours that were selected, `shown` hold. Without `whole` these are not all that the suites have,
    and `core` says nothing of the proxy.
    """

    word: Word
    failed: int
    unknown: int
    not_run: int
    shown: int
    core: int
    complete: bool
    whole: bool

    @property
    def sentence(self) -> str:
        """The numbers in words."""
        failed = {0: "no MUST failed", 1: "1 MUST failed"}.get(self.failed, f"{self.failed} MUSTs failed")
        unknown = f", {self.unknown} could not be told" if self.unknown else ""
        unknown += f", {self.not_run} not run" if self.not_run else ""
        core = f"{self.shown} of {self.core} core behaviours shown" if self.core else "no core behaviour selected"
        return f"{failed}{unknown}; {core}{'' if self.whole else ' (a partial selection)'}"


def outcome(run: Run, verdicts: Sequence[Verdict]) -> Outcome:
    """The outcome of a run with these verdicts."""
    core = [verdict for verdict in verdicts if verdict.behaviour.core]
    return Outcome(
        word=WORDS[run.exit_code(verdicts)],
        failed=sum(verdict.fails_the_run for verdict in verdicts),
        unknown=sum(verdict.ruling in UNKNOWN for verdict in verdicts),
        not_run=sum(verdict.ruling is Ruling.NOT_RUN for verdict in verdicts),
        shown=sum(verdict.ruling is Ruling.PASS for verdict in core),
        core=len(core),
        complete=run.why == COMPLETED,
        whole=is_whole(run),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Concern:
    """A verdict that speaks against the proxy, or is otherwise than its baseline says.

    `compared` is the verdict beside the baseline; None where the run has none, or that says nothing of it.
    """

    verdict: Verdict
    compared: Comparison | None = None

    @property
    def is_expected(self) -> bool:
        """True for a failure that the baseline lists."""
        return self.compared is not None and self.compared.standing is Standing.EXPECTED

    @property
    def fails(self) -> bool:
        """True if the run exits with 1 for this alone."""
        return self.compared.standing in FAILING if self.compared else self.verdict.fails_the_run


def concerns(run: Run, verdicts: Sequence[Verdict]) -> list[Concern]:
    """Everything that speaks against the proxy or the baseline, what matters most first, and what is expected last."""
    compared = {each.behaviour: each for each in run.beside_baseline(verdicts)}
    every = (Concern(verdict=verdict, compared=compared.get(verdict.behaviour.id)) for verdict in verdicts)
    return sorted((each for each in every if each.fails or each.verdict.ruling in REFUTED), key=_rank)


def _rank(concern: Concern) -> tuple[bool, bool, int, int]:
    standing = list(Standing).index(concern.compared.standing) if concern.compared else 0
    ruling = concern.verdict.ruling
    return (
        not concern.fails,
        concern.is_expected,
        standing,
        REFUTED.index(ruling) if ruling in REFUTED else len(REFUTED),
    )


def is_whole(run: Run) -> bool:
    """True where nothing but a profile selected among the behaviours of the suites."""
    header = run.header
    return not (header.criteria or header.expression or header.shard or header.again_from)

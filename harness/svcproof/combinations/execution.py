"""A matrix being run: what is due, one run after the other, each kept before the next begins."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from svcproof.combinations import record
from svcproof.combinations.ingredients import Ingredients
from svcproof.combinations.plan import Planned, State
from svcproof.combinations.process import Ended
from svcproof.combinations.progress import Progress
from svcproof.combinations.record import Kept, Record
from svcproof.combinations.run_progress import Checks
from svcproof.disk import remove_or_raise
from svcproof.errors import ProvisionError
from svcproof.exit_code import ExitCode
from svcproof.model.combination import Combination
from svcproof.model.criteria import CRITERIA
from svcproof.model.matrix_spec import MatrixSpec
from svcproof.report.words import gist

ASIDE = ".set-aside"
"""The directory for the earlier results of a combination that is run again, until there are others."""
CLUSTERS = ".clusters"
"""The directory for declarations of clusters that have families of the matrix.

A shell leaves both out of `out/*`.
"""
Run = Callable[[Sequence[str], Path, Callable[[Checks], None]], Ended]


@dataclass(frozen=True, slots=True)
class Execution:
    """The runs of one matrix, whose results are in a directory each in `results`."""

    spec: MatrixSpec
    suites: Sequence[str]
    results: Path
    ingredients: Mapping[str, Ingredients]
    run: Run

    def make(self, planned: Sequence[Planned], progress: Progress) -> dict[str, Kept]:
        """Make what is due, and return what is there of each combination by its id."""
        kept = {entry.combination.id: entry.kept for entry in planned}
        for entry in planned:
            if entry.state is State.DUE:
                progress.begin(entry.combination.id)
                ended = self._make(entry.combination, progress)
                progress.end(ended, outcome(ended))
                kept[ended.id] = record.kept(self.results / ended.id)
        return kept

    def _make(self, combination: Combination, progress: Progress) -> Record:
        directory = self.results / combination.id
        try:
            _set_aside(directory)
            directory.mkdir(parents=True)
            words = [*self._words(combination), f"--results={directory}"]
        except OSError as error:
            what = f"cannot make {directory} for results: {error.strerror}"
            raise ProvisionError(f"{what}; make room there, or choose another --results") from error
        ended = self.run(words, directory, progress.tell)
        ingredients = self.ingredients[combination.id]
        end = record.concluded(combination.id, ingredients, directory, ended.code, ended.seconds, ended.last_words)
        record.write(directory, end)
        return end

    def _words(self, combination: Combination) -> list[str]:
        """The words for `svcproof run` that make this run."""
        spec, select = self.spec, self.spec.select
        words = [f"--cluster={self._cluster(combination)}", f"--proxy={combination.proxy_word}"]
        words += [f"--profile={select.profile}", f"--workers={spec.workers}"]
        words += [f"--{name}={value}" for name in CRITERIA for value in getattr(select, name)]
        words += ["-k", select.expression] if select.expression else []
        words += [f"--suite={suite}" for suite in self.suites]
        words += [f"--repeat={spec.repeat}"] if spec.repeat > 1 else []
        words += [f"--patience={word}" for word in spec.patience]
        return [*words, *(["--ignore-release"] if spec.ignore_release else [])]

    def _cluster(self, combination: Combination) -> str:
        if not combination.declaration:
            return combination.cluster_word
        path = self.results / CLUSTERS / f"{combination.cluster_name}-{combination.stack}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(combination.declaration)
        return str(path)


def outcome(record: Record) -> str:
    """Say in words how a run ended."""
    if record.reason:
        return f"could not be had: {gist(record.reason)}"
    with suppress(ValueError):
        return {
            ExitCode.OK: "nothing speaks against the proxy",
            ExitCode.FAILED: "a MUST failed",
            ExitCode.UNDECIDED: "something could not be decided",
        }.get(ExitCode(record.code), f"exit code {record.code}")
    return f"exit code {record.code}"


def exit_code(planned: Sequence[Planned], kept: Mapping[str, Kept]) -> ExitCode:
    """The exit code of a matrix: 1 if a MUST failed in a run, 3 if something is unknown, else 0.

    What --only leaves out does not count.
    """
    codes = set[int]()
    for entry in planned:
        end = kept[entry.combination.id].record
        if entry.state is State.LEFT_OUT:
            continue
        is_known = entry.state is not State.IMPOSSIBLE and end is not None and not end.reason
        codes.add(end.code if is_known and end else ExitCode.UNDECIDED)
        if end and end.code == ExitCode.FAILED and entry.state is not State.IMPOSSIBLE:
            codes.add(ExitCode.FAILED)
    if ExitCode.FAILED in codes:
        return ExitCode.FAILED
    return ExitCode.UNDECIDED if codes - {ExitCode.OK} else ExitCode.OK


def _set_aside(directory: Path) -> None:
    """Move what is there away, to where the earlier results of this combination were moved to."""
    if not directory.exists():
        return
    aside = directory.parent / ASIDE / directory.name
    aside.parent.mkdir(exist_ok=True)
    if aside.exists():
        remove_or_raise(aside)
    directory.rename(aside)

"""A run being recorded: what the plugin calls, in the controlling process alone."""

import platform
import secrets
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from svcproof.errors import UsageError
from svcproof.model.behaviour import Behaviour
from svcproof.model.cluster_spec import ClusterSpec
from svcproof.model.evidence import Evidence
from svcproof.model.fact import Fact
from svcproof.model.header import Header
from svcproof.model.judgement import EDITION
from svcproof.model.proxy_spec import ProxySpec
from svcproof.model.releases import Releases
from svcproof.model.run import COMPLETED, Finished, Selection, Started, Versions
from svcproof.model.starvation import is_excused
from svcproof.model.verdict import Verdict, judge
from svcproof.report import files, first_baseline, runfile
from svcproof.report.progress import Progress, terminal
from svcproof.report.summary import render


def begin(cluster: ClusterSpec, proxy: ProxySpec) -> Header:
    """The header of a run that starts now, with an id of its own and the usual options."""
    now = datetime.now(UTC)
    return Header(
        id=f"{now:%Y%m%d-%H%M%S}-{secrets.token_hex(2)}",
        started=now.isoformat(timespec="milliseconds"),
        svcproof=version("svcproof"),
        cluster=cluster,
        proxy=proxy,
        cluster_given=cluster.name,
        proxy_given=proxy.name,
        judging=EDITION,
        versions={"python": platform.python_version(), "kernel": platform.release(), "pytest": version("pytest")},
    )


def default_directory(header: Header, base: Path = Path("results")) -> Path:
    """Make the directory for a run whose results were not sent elsewhere; `results/latest` leads to it."""
    directory = base / f"{header.proxy.name}-{header.cluster.name}-{header.id}"
    directory.mkdir(parents=True)
    link = base / f".latest-{header.id}"
    link.symlink_to(directory.name)
    link.replace(base / "latest")
    return directory


class Recording:
    """Keeps a run's results: `run.jsonl` as facts arrive, its other files and the terminal's report at the end."""

    def __init__(self, directory: Path | None, header: Header, write_baseline: str = "") -> None:
        """Open the run file in `directory` (default: one of its own in `results/`); raises UsageError if it cannot.

        `write_baseline` is the file for the failures of the run; empty: none.
        """
        try:
            self.directory = directory or default_directory(header)
            self.directory.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            where = directory or Path("results").absolute()
            raise UsageError(f"cannot make {where} for results: {error.strerror}; choose another --results") from error
        self._began = time.monotonic()
        self._header = header
        self._write_baseline = write_baseline
        self._open = ExitStack()
        self._writer = runfile.Writer(self.directory / "run.jsonl")
        self._open.callback(self._writer.close)
        self._writer.write(header)
        self._behaviours: dict[str, Behaviour] = {}
        self._facts: dict[str, list[Fact]] = {}
        self._releases = Releases()
        self._console = terminal(self._open)
        self._progress = Progress(self._console, header)

    def behaviours(self, selected: Sequence[Behaviour]) -> None:
        """Say once what was selected, in the order in which it will be reported."""
        self._behaviours = {behaviour.id: behaviour for behaviour in selected}
        self._writer.write(Selection(behaviours=tuple(selected)))
        self._progress.expect(len(selected) * self._header.repeat)

    def versions(self, of: Mapping[str, str]) -> None:
        """Add versions of what the cluster runs."""
        self._writer.write(Versions(of=of))
        self._releases = self._header.releases(of)

    def step(self, sentence: str) -> None:
        """Tell the user about a step that begins, such as starting the cluster."""
        self._progress.step(sentence)

    def started(self, behaviour: str, worker: str = "") -> None:
        """Note that a check begins."""
        self._writer.write(
            Started(id=behaviour, at=datetime.now(UTC).isoformat(timespec="milliseconds"), worker=worker)
        )
        self._progress.started(self._behaviours[behaviour])

    def fact(self, fact: Fact) -> Verdict | None:
        """Keep what one check found, on disk when this returns; the verdict is that of all repeats until now.

        There is none on a behaviour that this run did not select: a bystander's, which another shard judges.
        """
        self._writer.write(fact)
        if fact.id not in self._behaviours:
            return None
        facts = self._facts.setdefault(fact.id, [])
        facts.append(fact)
        verdict = judge(self._behaviours[fact.id], facts, self._header.proxy.claims, self._releases)
        if fact.beside:
            self._progress.beside(verdict)
        elif is_excused(fact) and not fact.retry:
            self._progress.postponed(fact)
        else:
            self._progress.concluded(verdict)
        return verdict

    def pause(self, fact: Fact, directions: str) -> None:
        """Tell what a check found that is not kept yet, since nothing is cleaned up before somebody has looked."""
        facts = (*self._facts.get(fact.id, ()), fact)
        verdict = judge(self._behaviours[fact.id], facts, self._header.proxy.claims, self._releases)
        self._progress.pause(verdict, directions)

    def resume(self, seconds: float) -> None:
        """Go on after a pause of so many seconds."""
        self._progress.resume(seconds)

    def finish(self, why: str = COMPLETED, evidence: Evidence | None = None) -> int:
        """End the run: write its files, print the report and return the exit code.

        `why` is `completed`, `interrupted`, or what kept the run from going on, of which there may be evidence.
        """
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        seconds = round(time.monotonic() - self._began, 3)
        finished = Finished(at=at, seconds=seconds, why=why, evidence=evidence)
        self._writer.refuse_removed()
        # What is judged is what was written, so that `recheck` cannot come to another conclusion.
        run = replace(runfile.load(self.directory), finished=finished)
        verdicts = run.verdicts()
        self._writer.write(run.judged(verdicts))
        self._writer.write(finished)
        self._progress.finish()
        # First what is quick: whoever interrupts once more, while the page is made, has the report.
        self._console.print(render(run, verdicts, self.directory), soft_wrap=True)
        files.write(self.directory, replace(run, digest=self._writer.digest), verdicts)
        if self._write_baseline:
            self.step(first_baseline.write(Path(self._write_baseline), run, verdicts))
        return run.exit_code(verdicts)

    def close(self) -> None:
        """Close its files; the run file stays as it is."""
        self._open.close()

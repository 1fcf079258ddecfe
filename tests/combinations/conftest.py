"""A matrix of two proxies on a lab, and a runner that leaves what `svcproof run` leaves, without one."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from svcproof import declare
from svcproof.combinations.process import Ended
from svcproof.combinations.run_progress import Checks
from svcproof.declare import DeclaredMatrix, Selection
from svcproof.exit_code import ExitCode
from svcproof.model.behaviour import Behaviour, Level, Part
from svcproof.model.fact import Fact, Finding
from svcproof.model.run import Finished, Run
from svcproof.report import begin, runfile

HELD = Behaviour(
    id="it_holds",
    area="node_port",
    requirement="It holds.",
    spec="https://example.org/",
    level=Level.MUST,
    by=Part.PROXY,
)
Act = Callable[[Path, Mapping[str, str]], Ended]
MATRIX = "clusters: [lab]\nproxies: [reference, mine.yaml]\n"
MINE = "install: {program: {command: [./mine]}}\n"


@pytest.fixture
def declared(tmp_path: Path) -> Callable[[str], DeclaredMatrix]:
    """Read a matrix; beside its file is a proxy's declaration, mine.yaml, and the program that this names."""
    (tmp_path / "mine.yaml").write_text(MINE)
    (tmp_path / "mine").write_text("first build")

    def read(text: str = MATRIX) -> DeclaredMatrix:
        path = tmp_path / "matrix.yaml"
        path.write_text(text)
        return declare.matrix(str(path), lambda spec, folder: Selection(None))

    return read


def finished_run(words: Mapping[str, str], finding: Finding = Finding.CONFIRMED, why: str = "completed") -> Run:
    """The run that these options of `svcproof run` make, of one behaviour."""
    cluster, proxy = declare.cluster(words["--cluster"]), declare.proxy(words["--proxy"])
    return Run(
        header=begin(cluster, proxy),
        behaviours=(HELD,),
        facts=(Fact(id="it_holds", finding=finding, reason="no answer"),) if why == "completed" else (),
        finished=Finished(at="2026-01-02T03:05:05.000+00:00", seconds=1.0, why=why),
    )


@dataclass
class Runner:
    """Takes the place of a process: what it is to do with the n-th run, and the words of all of them."""

    acts: Mapping[int, Act] = field(default_factory=dict)
    ran: list[Mapping[str, str]] = field(default_factory=list)

    def __call__(self, words: Sequence[str], directory: Path, tell: Callable[[Checks], None]) -> Ended:
        options = dict(word.split("=", 1) for word in words if "=" in word)
        self.ran.append(options)
        tell(Checks(done=1, total=1))
        if act := self.acts.get(len(self.ran)):
            return act(directory, options)
        runfile.store(finished_run(options), directory)
        return Ended(ExitCode.OK, 10.0, "")

    @property
    def proxies(self) -> list[str]:
        """The proxies that were run, in order."""
        return [Path(options["--proxy"]).stem for options in self.ran]


def failing(directory: Path, words: Mapping[str, str]) -> Ended:
    runfile.store(finished_run(words, Finding.REFUTED), directory)
    return Ended(ExitCode.FAILED, 10.0, "")


def not_coming_up(directory: Path, words: Mapping[str, str]) -> Ended:
    run = finished_run(words, why="the proxy did not become ready on node-a")
    runfile.store(replace(run, facts=()), directory)
    return Ended(ExitCode.UNDECIDED, 10.0, "")


def refused(directory: Path, words: Mapping[str, str]) -> Ended:
    return Ended(ExitCode.UNDECIDED, 1.0, "kube-proxy 1.99.0 could not be obtained")


def cut(directory: Path, words: Mapping[str, str]) -> Ended:
    run = replace(finished_run(words), finished=None, facts=())
    runfile.store(run, directory)
    raise KeyboardInterrupt

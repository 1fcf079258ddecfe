"""One cluster for all workers: who brings it up, joins and tears it down, and what if it does not come up."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = pytest.mark.programs

CONFTEST = """
import json, os, time
from contextlib import contextmanager, nullcontext
from pathlib import Path
import pytest
from svcproof import providers
from svcproof.errors import ProvisionError
from svcproof.errors import ProvisionError, UsageError
from svcproof.model.vocabulary import Capability

HERE = Path(__file__).parent

def note(word):
    with (HERE / "log").open("a") as log:
        log.write(f"{word}\\n")

class Cluster:
    handle = "the way in"
    nodes = outside = ()
    versions = {"kernel": "6.1"}
    lacking = {Capability.SCTP: "nobody speaks it", Capability.LOAD_BALANCER: "it did not come up"}
    def proxy_cpu_time(self): return None
    def proxy_trouble(self, since=None): return ""
    def trouble(self): return ""
    def gone(self): return ""

class Provider:
    def capabilities(self, spec):
        note("capabilities")
        return {Capability.SCTP: "nobody speaks it"}
    @contextmanager
    def up(self, spec, proxy, *, faults, progress, workers=1):
        try:
            note(f"up keep={spec.keep}")
            progress("making the cluster")
            BEFORE
            yield Cluster()
        finally:
            note("down")
    def join(self, spec, proxy, handle):
        note(f"join by {handle}")
        return nullcontext(Cluster())
    def remove_leftovers_of(self, processes): pass

providers.find = lambda name: Provider()

@pytest.fixture
def probe(pytestconfig, cluster):
    import time
    from svcproof.model.event import HttpStatus
    from svcproof.plugin.recording import notebook
    status = HttpStatus(vantage="client", node="node-a", address="10.96.0.9", port=80, path="/", status=200)
    return lambda: notebook(pytestconfig).record([status], time.monotonic())
"""
HEAD = """
from svcproof import *
from conftest import note
import time
claim = dict(spec="https://example.org/clause", by=PROXY, level=MUST)
"""
CHECK = '''
@behaviour(**claim{more})
def test_{name}(probe):
    """A thing holds."""
    {body}
    probe()
    assert True
'''


def check(name: str, body: str = "pass", more: str = "") -> str:
    return CHECK.format(name=name, body=body, more=more)


class Stage:
    """A folder with checks and a provider of a cluster that is not there."""

    def __init__(self, folder: Path, checks: str, before: str) -> None:
        self.folder = folder
        (folder / "conftest.py").write_text(CONFTEST.replace("BEFORE", before))
        (folder / "test_checks.py").write_text(HEAD + checks)
        (folder / "pytest.ini").write_text("[pytest]\npythonpath = .\n")

    def begin(self, *options: str) -> "subprocess.Popen[str]":
        words = ["-m", "pytest", "-p", "no:randomly", "--svcproof-cluster=kind", "--svcproof-results=results", *options]
        return subprocess.Popen(
            [sys.executable, *words],
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def run(self, *options: str) -> tuple[int, str]:
        with self.begin(*options) as process:
            said, _ = process.communicate(timeout=60)
        return process.returncode, said

    @property
    def log(self) -> list[str]:
        path = self.folder / "log"
        return path.read_text().splitlines() if path.exists() else []

    @property
    def lines(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in (self.folder / "results/run.jsonl").read_text().splitlines()]


@pytest.fixture
def stage(tmp_path: Path) -> Callable[..., Stage]:
    def make(*checks: str, before: str = "pass") -> Stage:
        return Stage(tmp_path, "".join(checks), before)

    return make


FOUR = [check(f"number_{number}") for number in range(4)]


def test_workers_join_the_cluster_that_the_controlling_process_has_up(stage: Callable[..., Stage]) -> None:
    on = stage(*FOUR)

    code, said = on.run("-n", "2")

    assert code == 0, said
    assert on.log == ["capabilities", "up keep=False", "join by the way in", "join by the way in", "down"]
    assert "making the cluster" in said


def test_workers_make_the_checks_that_are_selected(stage: Callable[..., Stage]) -> None:
    on = stage(*FOUR)

    code, said = on.run("-n", "2", "--svcproof-area=checks", "--svcproof-level=MUST")

    assert code == 0, said
    assert len([line for line in on.lines if line["kind"] == "fact"]) == 4


def test_a_single_process_has_it_up_itself(stage: Callable[..., Stage]) -> None:
    on = stage(*FOUR)

    code, _ = on.run("--svcproof-keep")

    assert (code, on.log) == (0, ["capabilities", "up keep=True", "down"])


@pytest.mark.parametrize("options", [(), ("-n", "2")], ids=["one process", "workers"])
def test_what_shows_to_be_lacking_when_the_cluster_comes_up_is_untestable(
    stage: Callable[..., Stage], options: tuple[str, ...]
) -> None:
    on = stage(check("needy", "raise ValueError", more=", requires={Capability.LOAD_BALANCER}"), check("modest"))

    code, said = on.run(*options)

    found = {line["id"]: (line["finding"], line.get("reason", "")) for line in on.lines if line["kind"] == "fact"}
    assert code == 0, said
    assert found == {"needy": ("untestable", "load-balancer: it did not come up"), "modest": ("confirmed", "")}


def test_no_cluster_is_made_for_what_cannot_be_tested(stage: Callable[..., Stage]) -> None:
    on = stage(check("needy", more=", requires={Capability.SCTP}"))

    code, _ = on.run("-n", "2")

    assert (code, on.log) == (0, ["capabilities"])


@pytest.mark.parametrize(("options", "error", "exits"), [((), "UsageError", 4), (("-n", "2"), "ProvisionError", 3)])
def test_a_cluster_that_does_not_come_up_ends_the_run(
    stage: Callable[..., Stage], options: tuple[str, ...], error: str, exits: int
) -> None:
    on = stage(*FOUR, before=f"raise {error}('no node came up\\nits last words')")

    code, said = on.run(*options)

    assert code == exits, said
    assert on.log[-1] == "down"
    assert "its last words" in said
    assert "Traceback" not in said
    assert not [line for line in on.lines if line["kind"] == "fact"]
    assert str(on.lines[-1]["why"]).startswith("no node came up")
    assert said.count("\n") < 30, said


@pytest.mark.parametrize(("number", "moment"), [(signal.SIGINT, "up"), (signal.SIGTERM, "run")])
def test_an_interrupt_takes_the_cluster_away(stage: Callable[..., Stage], number: signal.Signals, moment: str) -> None:
    waits = "time.sleep(30)"
    on = stage(check("long", f"note('running'); {waits}"), before=waits if moment == "up" else "pass")

    with on.begin("-n", "2") as process:
        while ("running" if moment == "run" else "up keep=False") not in on.log:
            assert process.poll() is None
            time.sleep(0.05)
        # A terminal sends SIGINT to all processes of the run; who ends a run with SIGTERM knows the first one only.
        os.killpg(process.pid, number) if number == signal.SIGINT else process.send_signal(number)
        said, _ = process.communicate(timeout=60)

    assert process.returncode == 2, said
    assert on.log[-1] == "down"
    assert on.lines[-1]["why"] == "interrupted"
    assert "Traceback" not in said


def test_a_check_that_needs_the_cluster_to_itself_runs_alone(stage: Callable[..., Stage]) -> None:
    body = "note('begin {0}'); time.sleep(0.3); note('end {0}')"
    checks = [check(f"number_{number}", body.format("some")) for number in range(6)]
    checks[2:2] = [check("alone", body.format("alone"), ", alone=True")]
    on = stage(*checks)

    code, said = on.run("-n", "3")

    assert code == 0, said
    noted = [line for line in on.log if line.startswith(("begin", "end"))]
    at = noted.index("begin alone")
    assert noted[at + 1] == "end alone"
    assert noted[:at].count("begin some") == noted[:at].count("end some")


def test_the_directory_of_a_run_is_gone_after_it(
    stage: Callable[..., Stage], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    on = stage(*FOUR)
    (tmp_path / "tmp").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))

    on.run("-n", "2")

    assert not list((tmp_path / "tmp").glob("svcproof-*/*"))


OTHERS = "def test_other(): pass\ndef test_asks_for_it(svcproof_cluster): pass\n"


@pytest.mark.parametrize("options", [(), ("-n", "2")], ids=["one process", "two workers"])
def test_other_tests_are_made_where_the_cluster_does_not_come_up(
    stage: Callable[..., Stage], options: tuple[str, ...]
) -> None:
    on = stage(*FOUR, before="raise ProvisionError('no room for nodes')")
    (on.folder / "test_others.py").write_text(OTHERS)

    code, said = on.run(*options)

    assert code == 1, said
    assert "1 passed" in said
    assert "5 errors" in said
    assert "not complete: no room for nodes" in said
    assert {line["finding"] for line in on.lines if line["kind"] == "fact"} == {"broke"}
    assert len([word for word in on.log if word.startswith("up")]) == 1


def test_a_session_of_other_tests_alone_says_why_the_cluster_did_not_come_up(stage: Callable[..., Stage]) -> None:
    on = stage(before="raise ProvisionError('no room for nodes')")
    (on.folder / "test_others.py").write_text(OTHERS)

    code, said = on.run()

    assert code == 1, said
    assert "1 passed, 1 error" in said
    assert "ProvisionError: no room for nodes" in said

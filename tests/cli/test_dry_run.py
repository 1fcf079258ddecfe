"""`svcproof run --dry-run`, as a program: it says what a run would do, and makes nothing."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.programs, pytest.mark.lab, pytest.mark.timeout(60)]

SUITE = '''
from svcproof import MUST, PROXY, Capability, behaviour

claim = {"by": PROXY, "level": MUST, "spec": "https://example.org/"}

@behaviour(**claim)
def test_ports(cluster):
    """A thing holds."""
    raise SystemExit("a dry run makes no cluster")

@behaviour(**claim)
def test_ports_too(cluster):
    """A thing holds."""

@behaviour(since="1.99", **claim)
def test_names(cluster):
    """A thing holds."""

@behaviour(requires={Capability.TWO_NODES}, **claim)
def test_spread(cluster):
    """A thing holds."""
'''


def svcproof(place: Path, *words: str) -> subprocess.CompletedProcess[str]:
    suite = place / "mine"
    suite.mkdir(exist_ok=True)
    (suite / "test_mine.py").write_text(SUITE)
    scratch = place / "scratch"
    scratch.mkdir(exist_ok=True)
    command = [sys.executable, "-m", "svcproof", "run", "--suite", "mine", "--cluster", "lab-single-node", *words]
    environment = os.environ | {"TMPDIR": str(scratch), "XDG_STATE_HOME": str(place / "state")}
    return subprocess.run(command, cwd=place, env=environment, capture_output=True, text=True)


def test_a_dry_run_says_what_a_run_would_do_and_leaves_nothing(tmp_path: Path) -> None:
    done = svcproof(tmp_path, "--dry-run", "--json", "--repeat", "2", "--workers", "2", "--results", "results")

    told = json.loads(done.stdout)
    assert (done.returncode, done.stderr) == (0, "")
    assert told["checked"] == ["ports", "ports_too", "names"]
    assert [group["behaviours"] for group in told["untestable"]] == [["spread"]]
    assert [group["behaviours"] for group in told["younger"]] == [["names"]]
    assert not list((tmp_path / "scratch").iterdir())
    assert not (tmp_path / "results").exists()


@pytest.mark.parametrize(
    ("words", "checked"),
    [
        (("-k", "not ports"), ["ports_too", "names"]),
        (("-k", "ports or names"), ["ports", "names"]),
        (("-k", "port", "--shard", "1/2"), ["ports"]),
    ],
)
def test_a_dry_run_selects_as_a_run_does(tmp_path: Path, words: tuple[str, ...], checked: list[str]) -> None:
    assert json.loads(svcproof(tmp_path, "--dry-run", "--json", *words).stdout)["checked"] == checked


def test_a_dry_run_ends_as_a_run_would_before_anything_is_made(tmp_path: Path) -> None:
    nothing = svcproof(tmp_path, "--dry-run", "-k", "no_such")
    wrong = svcproof(tmp_path, "--dry-run", "--area", "no_such", "--kep", "1", "--shard", "3/2", "-k", "a and")

    assert (nothing.returncode, nothing.stdout) == (5, "")
    assert nothing.stderr.startswith("no behaviour was selected")
    assert (wrong.returncode, wrong.stdout) == (4, "")
    for mistake in ("unknown area 'no_such'", "unknown kep '1'", "--shard must look like", "-k 'a and': at column 6"):
        assert mistake in wrong.stderr


def test_json_is_for_dry_runs(tmp_path: Path) -> None:
    done = svcproof(tmp_path, "--json")

    assert (done.returncode, done.stdout) == (4, "")
    assert "--json is for --dry-run" in done.stderr

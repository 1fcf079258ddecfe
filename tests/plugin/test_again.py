"""The line `again:` leads to the check that it stands under, and to no other, from the directory of the run."""

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from svcproof.report import runfile

pytestmark = [pytest.mark.programs, pytest.mark.timeout(90)]

SUITE = """
import pytest
from svcproof import *
claim = dict(spec="https://example.org/clause", by=PROXY)

@behaviour(level=MUST, **claim)
def test_one():
    \"\"\"One.\"\"\"
    assert not 1

@behaviour(level=MUST, **claim)
def test_one_more():
    \"\"\"One more.\"\"\"
    assert not 1

class TestTwo:
    @pytest.mark.parametrize("number", [1])
    @behaviour(level=MUST, **claim)
    def test_two(self, number):
        \"\"\"Two.\"\"\"
        assert not 1
"""
SVCPROOF = "from svcproof.entry.command import main; main()"


def again(directory: Path, *command: str) -> dict[str, str]:
    """Run a command line, and return the line `again:` of each behaviour, none of which holds, by its id."""
    programs = {"svcproof": ["-c", SVCPROOF], "pytest": ["-m", "pytest", "-p", "no:randomly"]}
    ended = subprocess.run(
        [sys.executable, *programs[command[0]], *command[1:]],
        cwd=directory,
        env=os.environ | {"PYTHONPATH": str(directory.parent / "lib"), "PYTEST_ADDOPTS": ""},
        capture_output=True,
        text=True,
    )
    lines = [line.strip().removeprefix("again: ") for line in ended.stdout.splitlines() if "again: " in line]
    assert lines, ended.stdout + ended.stderr
    facts = runfile.load(directory / "results/latest").facts
    return dict(zip((fact.id for fact in facts), lines, strict=True))


@pytest.mark.parametrize(
    "command",
    [
        ("svcproof", "run", "--suite", "my suite"),
        ("svcproof", "run", "--suite", "../lib/theirs"),
        ("pytest", "my suite"),
        ("pytest", "--pyargs", "theirs"),
    ],
    ids=" ".join,
)
def test_it_runs_that_check_alone(tmp_path: Path, command: tuple[str, ...]) -> None:
    project, package = tmp_path / "my project", tmp_path / "lib/theirs"
    for folder in (project / "my suite", package):
        folder.mkdir(parents=True)
        (folder / "test_it.py").write_text(SUITE)
    (package / "__init__.py").touch()

    first = again(project, *command)
    assert set(first) == {"one", "one_more", "two"}
    behaviour = "one" if command[0] == "svcproof" else "two"
    assert list(again(project, *shlex.split(first[behaviour]))) == [behaviour], first

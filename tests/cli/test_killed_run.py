"""kill -9 in the middle of a run: what was written stays good, nothing runs on, `clean` removes the rest."""

import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from svcproof.report import runfile

pytestmark = pytest.mark.programs

SVCPROOF = [sys.executable, "-c", "from svcproof.cli import main; main(prog_name='svcproof')"]


@pytest.fixture
def place():
    """A directory for temporary files of this test alone; its name is short, since paths of sockets are limited."""
    made = Path(tempfile.mkdtemp(prefix="sp-", dir="/tmp"))
    yield made
    shutil.rmtree(made)


@pytest.mark.lab
@pytest.mark.parametrize("span", [(0.3, 1), (1, 4), (4, 9)])
def test_a_run_killed_at_any_moment_leaves_valid_facts_and_clean_leaves_nothing(place, span):
    moment = random.uniform(*span)
    environment = os.environ | {"TMPDIR": str(place)}
    results = place / "results"
    with subprocess.Popen(
        [*SVCPROOF, "run", "--area", "cluster_ip", "--results", str(results)],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        time.sleep(moment)
        process.kill()

    cleaned = subprocess.run([*SVCPROOF, "clean"], env=environment, capture_output=True, text=True)

    assert cleaned.returncode == 0, f"killed after {moment} s: {cleaned.stderr}"
    assert not list(place.glob("svcproof-*/*")), f"killed after {moment} s: {cleaned.stdout}"
    _await_end_of_all_that_names(place)
    written = results / "run.jsonl"
    if written.exists() and b"\n" in written.read_bytes():
        run = runfile.load(written)
        assert run.finished is None
        assert run.exit_code(run.verdicts()) == 3


def _await_end_of_all_that_names(place):
    """What the lab started dies with it, which takes the kernel a moment."""
    deadline = time.monotonic() + 5
    while found := _processes_that_name(place):
        assert time.monotonic() < deadline, found
        time.sleep(0.05)


def _processes_that_name(place):
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue  # It has just ended.
        if str(place) in words:
            found.append(f"{path.parent.name}: {words}")
    return found

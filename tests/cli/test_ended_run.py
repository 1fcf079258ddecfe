"""A run that is interrupted, or whose lab is taken away: it ends at once, says why, and leaves nothing."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

pytestmark = [pytest.mark.lab, pytest.mark.timeout(180)]

SVCPROOF = [sys.executable, "-c", "from svcproof.entry.command import main; main()"]
SMALL = ("--cluster", "lab-single-node", "--area", "cluster_ip")
SOON = 30.0
"""Seconds; far more than it takes, for machines that are busy with other things."""


@pytest.fixture
def place() -> Iterator[Path]:
    """A directory for temporary files of this test alone; its name is short, since paths of sockets are limited."""
    directory = Path(tempfile.mkdtemp(prefix="sp-", dir="/tmp"))
    yield directory
    shutil.rmtree(directory)


def remove(directory: Path) -> None:
    """Remove the directory of a lab, which the lab itself may be removing too."""
    shutil.rmtree(directory, ignore_errors=True)


def begin(place: Path, *options: str) -> subprocess.Popen[str]:
    """Start a run, and wait until it makes checks."""
    process = subprocess.Popen(
        [*SVCPROOF, "run", *SMALL, "--results", str(place / "results"), *options],
        env=os.environ | {"TMPDIR": str(place)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    while '"finding": "confirmed"' not in written(place):
        assert process.poll() is None
        time.sleep(0.1)
    return process


def written(place: Path) -> str:
    file = place / "results" / "run.jsonl"
    return file.read_text() if file.exists() else ""


def labs(place: Path) -> list[Path]:
    return [path for path in place.glob("svcproof-*/*") if (path / "lab.json").exists()]


@pytest.mark.parametrize(
    "signals",
    [(signal.SIGINT,), (signal.SIGINT, signal.SIGINT), (signal.SIGTERM,), (signal.SIGHUP,)],
    ids=lambda signals: "+".join(number.name for number in signals),
)
@pytest.mark.parametrize("send", [os.killpg, os.kill], ids=["terminal", "process"])
def test_an_interrupted_run_with_workers_leaves_nothing(
    place: Path, signals: tuple[signal.Signals, ...], send: Callable[[int, int], None]
) -> None:
    process = begin(place, "--workers", "2")

    for number in signals:
        send(process.pid, number)
        time.sleep(1.2 if len(signals) > 1 else 0)  # Sooner, it would count as the same.
    output, _ = process.communicate(timeout=SOON)

    assert process.returncode == 2, output
    assert [str(path) for path in place.glob("*/*") if path.parent.name != "results"] == []
    assert "not complete: interrupted" in output
    assert "Traceback" not in output, output
    assert "!!!" not in output, output


def _kill(lab: Path) -> None:
    os.kill(json.loads((lab / "lab.json").read_text())["lab"]["pid"], signal.SIGKILL)


LOST = {
    "killed": (_kill, "the lab was killed by SIGKILL"),
    "removed": (remove, "removed while it ran"),  # all of it, or the files that are missed first
    "without its sockets": (lambda lab: (lab / "api.sock").unlink(), "files of the lab were removed while it ran"),
}


@pytest.mark.parametrize("workers", ["1", "2"])
@pytest.mark.parametrize("how", LOST)
def test_a_run_that_loses_its_lab_ends_with_one_sentence(place: Path, how: str, workers: str) -> None:
    process = begin(place, "--workers", workers)
    take, sentence = LOST[how]

    take(next(lab for lab in labs(place) if (lab / "api.sock").exists()))
    output, _ = process.communicate(timeout=SOON)

    assert process.returncode == 3, output
    assert sentence in output
    assert "Traceback" not in output, output
    assert "INTERNALERROR" not in output
    assert labs(place) == []


def test_a_run_whose_results_are_removed_ends_with_one_sentence(place: Path) -> None:
    process = begin(place)

    shutil.rmtree(place / "results")
    output, _ = process.communicate(timeout=SOON)

    assert process.returncode == 3, output
    assert "it was removed while the run went on" in output
    assert "Traceback" not in output, output

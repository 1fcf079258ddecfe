"""A real matrix on real labs: killed in the middle of a run, it goes on where it was, and its run does not."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from svcproof.report import runfile

pytestmark = [pytest.mark.lab, pytest.mark.programs, pytest.mark.timeout(400)]

SVCPROOF = [sys.executable, "-m", "svcproof"]
SOON = 60.0
"""Seconds; far more than it takes, for machines that are busy with other things."""
MATRIX = """\
clusters: [lab-single-node]
proxies: [reference, kube-proxy-nftables]
select: {expression: cluster_ip_answers_at_any_time or cluster_ip_answers_every_port}
"""
FIRST, SECOND = "reference,lab-single-node,ipv4,1", "kube-proxy-nftables,lab-single-node,ipv4,1"


@pytest.fixture
def place() -> Iterator[Path]:
    """A directory for temporary files of this test alone; its name is short, since paths of sockets are limited."""
    directory = Path(tempfile.mkdtemp(prefix="sp-", dir="/tmp"))
    (directory / "small.yaml").write_text(MATRIX)
    yield directory
    shutil.rmtree(directory)


def words(place: Path, *more: str) -> list[str]:
    return [*SVCPROOF, "matrix", str(place / "small.yaml"), "--results", str(place / "out"), *more]


def go_on(place: Path, *more: str) -> "subprocess.CompletedProcess[str]":
    environment = os.environ | {"TMPDIR": str(place)}
    return subprocess.run(words(place, *more), env=environment, capture_output=True, text=True, check=False)


def begin_and_end(place: Path, number: signal.Signals) -> int:
    """Start the matrix, and send it a signal in the middle of its second run; returns its exit code."""
    with subprocess.Popen(
        words(place), env=os.environ | {"TMPDIR": str(place)}, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT
    ) as process:
        until = time.monotonic() + 3 * SOON
        while not (place / "out" / SECOND / "run.jsonl").exists():
            assert process.poll() is None
            assert time.monotonic() < until
            time.sleep(0.1)
        process.send_signal(number)
        return process.wait(SOON)


def await_end_of_all_that_names(place: Path) -> None:
    """The run of a matrix that is killed ends cleanly, which takes it a moment."""
    until = time.monotonic() + SOON
    while found := subprocess.run(["pgrep", "-f", str(place)], capture_output=True, text=True, check=False).stdout:
        assert time.monotonic() < until, found
        time.sleep(0.2)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGKILL, -signal.SIGKILL), (signal.SIGINT, 2)])
def test_a_matrix_that_is_cut_goes_on(place: Path, number: signal.Signals, code: int) -> None:
    assert begin_and_end(place, number) == code
    await_end_of_all_that_names(place)
    first = runfile.load(place / "out" / FIRST)

    resumed = go_on(place, "--markdown", str(place / "first.md"))

    assert resumed.returncode == 0, resumed.stderr
    assert "reference: done: nothing that it is made of has changed" in resumed.stdout
    assert "kube-proxy-nftables: to be run: its run was cut" in resumed.stdout
    assert runfile.load(place / "out" / FIRST).digest == first.digest
    assert (place / "out/.set-aside" / SECOND / "run.jsonl").exists()

    again = go_on(place, "--markdown", str(place / "second.md"))

    assert "[1/" not in again.stdout
    assert (place / "second.md").read_text() == (place / "first.md").read_text()


def test_one_run_cannot_harm_another_and_what_cannot_be_had_has_its_reason(place: Path) -> None:
    (place / "none.yaml").write_text(
        "install: {program: {command: [/bin/false]}}\nready: {http: 'http://127.0.0.1:1/'}\n"
    )
    (place / "small.yaml").write_text(MATRIX.replace("[reference,", "[none.yaml, reference,"))

    ended = go_on(place, "--only", "none", "--only", "reference")

    assert ended.returncode == 3, ended.stderr
    assert re.search(r"\[1/2\] none: could not be had: \S", ended.stdout)
    assert "[2/2] reference: nothing speaks against the proxy" in ended.stdout

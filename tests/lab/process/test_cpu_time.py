"""The CPU time of a program, by its processes."""

import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from svcproof.lab.process.cpu_time import cpu_time

BURNS = "import os, time\nwhile time.process_time() < {seconds}: pass\n"
PARENT = f"""
import subprocess, sys, time
subprocess.run([sys.executable, "-c", {BURNS.format(seconds=0.2)!r}])
child = subprocess.Popen([sys.executable, "-c", {(BURNS.format(seconds=0.2) + "time.sleep(60)")!r}])
print("going", flush=True)
time.sleep(60)
"""


@pytest.fixture
def parent() -> Iterator[int]:
    """A process that sleeps, of whose children one has burnt 0.2 s and ended, and one burns 0.2 s and sleeps."""
    words = [sys.executable, "-c", PARENT]
    with subprocess.Popen(words, stdout=subprocess.PIPE, start_new_session=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        yield process.pid
        subprocess.run(["kill", "--", f"-{process.pid}"], check=True)


@pytest.mark.timeout(60)
def test_time_of_children_that_run_and_that_have_ended_counts(parent: int) -> None:
    until = time.monotonic() + 30
    while cpu_time(parent) < 0.35 and time.monotonic() < until:  # Each child burns 0.2 s, in ticks of 0.01 s.
        time.sleep(0.05)

    assert 0.35 <= cpu_time(parent) < 5


@pytest.mark.timeout(10)
def test_process_that_is_gone_has_used_nothing() -> None:
    gone = subprocess.Popen(["true"])
    gone.wait()

    assert cpu_time(gone.pid) == 0

"""Halts of a program: what of it did not run through no doing of its own, now or at some time before."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from svcproof.lab.process.halts import EVERY, Halts

pytestmark = pytest.mark.timeout(30)


@pytest.fixture
def wrapper(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A shell that waits for a program it has started."""
    script = f"sleep 60 & echo $! > {tmp_path}/child; wait"
    with subprocess.Popen(["sh", "-c", script], start_new_session=True) as process:
        while not (tmp_path / "child").exists() or not (tmp_path / "child").read_text():
            time.sleep(0.01)
        while Path(f"/proc/{child(tmp_path)}/comm").read_text() != "sleep\n":  # The fork is named sh until it executes.
            time.sleep(0.01)
        yield process
        os.killpg(process.pid, signal.SIGKILL)


def child(tmp_path: Path) -> int:
    return int((tmp_path / "child").read_text())


def await_state(pid: int, letters: str) -> None:
    while Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in letters:
        time.sleep(0.01)


def test_a_program_that_waits_by_itself_is_not_halted(wrapper: subprocess.Popen[bytes]) -> None:
    assert Halts(wrapper.pid).since(time.monotonic()) == ""


def test_a_stopped_child_of_a_wrapper_halts_the_program(wrapper: subprocess.Popen[bytes], tmp_path: Path) -> None:
    os.kill(child(tmp_path), signal.SIGSTOP)
    await_state(child(tmp_path), "T")

    what = Halts(wrapper.pid).since(time.monotonic())

    assert what == f"process {child(tmp_path)} (sleep) was stopped, as by SIGSTOP (T)"


def test_a_halt_is_remembered_after_it_is_over(wrapper: subprocess.Popen[bytes]) -> None:
    began, halts = time.monotonic(), Halts(wrapper.pid)
    os.kill(wrapper.pid, signal.SIGSTOP)
    await_state(wrapper.pid, "T")
    halts.look()
    os.kill(wrapper.pid, signal.SIGCONT)
    await_state(wrapper.pid, "S")
    time.sleep(EVERY)

    assert "was stopped" in halts.since(began)
    assert halts.since(time.monotonic()) == ""


def test_a_program_that_has_ended_is_not_halted(wrapper: subprocess.Popen[bytes]) -> None:
    os.killpg(wrapper.pid, signal.SIGKILL)
    wrapper.wait()

    assert Halts(wrapper.pid).since(time.monotonic()) == ""

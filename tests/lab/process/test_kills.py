"""`svcproof lab up`, ended in every way there is: nothing outlives it, and `svcproof clean` removes the rest."""

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

pytestmark = pytest.mark.lab

SVCPROOF = (sys.executable, "-c", "from svcproof.cli import main; main()")
UNTIL_GONE = 20.0
"""Seconds; far more than it takes, for machines that are busy with other things."""
LONGEST_START = 60.0


@dataclass
class Session:
    """Runs svcproof with a directory for temporary files of its own, by which its processes are found."""

    folder: Path

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        with self.said.open("wb") as output:
            return subprocess.Popen(
                [*SVCPROOF, *arguments],
                env={**os.environ, "TMPDIR": str(self.folder)},
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def said(self) -> Path:
        """What the process started last printed."""
        return self.folder / "said"

    def up(self) -> subprocess.Popen[bytes]:
        """A lab that is up, in the foreground of another process."""
        started = self.start("lab", "up", "--proxy", "none")
        deadline = time.monotonic() + LONGEST_START
        while "Ctrl-C" not in self.said.read_text():
            if time.monotonic() > deadline or started.poll() is not None:
                pytest.fail(f"the lab did not come up: {self.said.read_text()}")
            time.sleep(0.02)
        return started

    def processes(self) -> set[int]:
        """All processes that descend from one of this session."""
        mark = f"TMPDIR={self.folder}".encode()
        found = set()
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                if mark in (entry / "environ").read_bytes().split(b"\0"):
                    found.add(int(entry.name))
            except OSError:
                continue
        return found

    def seconds_until_gone(self) -> float:
        started = time.monotonic()
        while self.processes() and time.monotonic() < started + 2 * UNTIL_GONE:
            time.sleep(0.05)
        return time.monotonic() - started

    def labs(self) -> list[Path]:
        return list(self.folder.glob("svcproof-*/*"))

    def clean(self) -> str:
        self.start("clean").wait(60)
        return self.said.read_text()


@pytest.fixture
def session() -> Iterator[Session]:
    with tempfile.TemporaryDirectory() as folder:
        made = Session(Path(folder))
        yield made
        for pid in made.processes():
            os.kill(pid, signal.SIGKILL)


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_lab_is_gone_soon_after_it_is_told_to_end(session: Session, ending: signal.Signals):
    up = session.up()

    os.killpg(up.pid, ending)

    assert up.wait(UNTIL_GONE) == 0
    assert session.seconds_until_gone() < UNTIL_GONE
    assert session.labs() == []


def test_pressing_ctrl_c_twice_ends_it_all_the_same(session: Session):
    up = session.up()

    os.killpg(up.pid, signal.SIGINT)
    os.killpg(up.pid, signal.SIGINT)

    up.wait(UNTIL_GONE)
    assert session.seconds_until_gone() < UNTIL_GONE


def test_after_kill_9_no_process_is_left_and_clean_removes_the_directory(session: Session):
    up = session.up()
    (lab,) = session.labs()

    up.kill()
    up.wait()

    assert session.seconds_until_gone() < UNTIL_GONE
    assert f"removed the lab {lab}" in session.clean()
    assert session.labs() == []


def test_clean_leaves_a_lab_in_use_alone(session: Session):
    up = session.up()
    (lab,) = session.labs()

    assert "nothing was left behind" in session.clean()
    assert lab.exists()
    up.terminate()
    up.wait(UNTIL_GONE)


@pytest.mark.parametrize("seed", range(5))
def test_kill_9_at_a_random_moment_leaves_nothing_that_clean_cannot_remove(session: Session, seed: int):
    moment = random.Random(seed).uniform(0, 2.5)
    starting = session.start("lab", "up", "--proxy", "reference")
    time.sleep(moment)

    starting.kill()
    starting.wait()

    assert session.seconds_until_gone() < UNTIL_GONE
    session.clean()
    assert session.labs() == []


@pytest.mark.parametrize("seed", range(3))
def test_sigterm_at_a_random_moment_leaves_nothing(session: Session, seed: int):
    moment = random.Random(seed).uniform(0, 2.5)
    starting = session.start("lab", "up", "--proxy", "reference")
    time.sleep(moment)

    starting.terminate()

    starting.wait(UNTIL_GONE)
    assert session.seconds_until_gone() < UNTIL_GONE
    session.clean()
    assert session.labs() == []

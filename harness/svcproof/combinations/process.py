"""One run of a matrix: `svcproof run` as a process of its own, so that none can harm another."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from svcproof.combinations.run_progress import Checks, Following
from svcproof.errors import ProvisionError
from svcproof.interrupts import deferred
from svcproof.limits import Provision

OUTPUT = "output.log"
"""The file beside the run file with what the run printed."""
LOOK_EVERY = 0.5
ERROR = "Error: "
LAST = 4000
"""Bytes of the end of its output in which the reason of a run without a run file is looked for."""


@dataclass(frozen=True, slots=True)
class Ended:
    """A run that has ended: its exit code, its duration, and the error it ended with, or its last line."""

    code: int
    seconds: float
    last_words: str


def run(words: Sequence[str], directory: Path, tell: Callable[[Checks], None]) -> Ended:
    """Run `svcproof run` with these words to its end; `tell` is told how far it is.

    When this process is interrupted, the run is, too, and has ended when the KeyboardInterrupt goes on. Raises
    ProvisionError where it cannot be started.
    """
    following, began = Following(directory), time.monotonic()
    process: subprocess.Popen[bytes] | None = None
    try:
        with deferred():
            process = _start(words, directory / OUTPUT)
        while (code := process.poll()) is None:
            tell(following.look())
            time.sleep(LOOK_EVERY)
    finally:
        if process is not None and process.poll() is None:
            _end(process)
    return Ended(code, time.monotonic() - began, _last_words(directory / OUTPUT))


def _start(words: Sequence[str], output: Path) -> "subprocess.Popen[bytes]":
    argv = [sys.executable, "-P", "-m", "svcproof.combinations.child", str(os.getpid()), "run", *words]
    try:
        with output.open("wb") as file:
            return subprocess.Popen(
                argv, stdin=subprocess.DEVNULL, stdout=file, stderr=subprocess.STDOUT, start_new_session=True
            )
    except OSError as error:
        raise ProvisionError(f"cannot start svcproof run, or write {output}: {error.strerror}") from error


def _end(process: "subprocess.Popen[bytes]") -> None:
    """Interrupt the run, which removes what it made; where it does not end, or somebody insists, kill it."""
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(Provision.RUN_ENDED.seconds)
    except (KeyboardInterrupt, subprocess.TimeoutExpired):
        process.kill()
        process.wait()
        raise


def _last_words(output: Path) -> str:
    """The error that the run ended with, or its last line."""
    with output.open("rb") as file:
        file.seek(max(0, output.stat().st_size - LAST))
        text = file.read().decode(errors="replace").strip()
    before, found, error = text.rpartition(ERROR)
    return error if found and (not before or before.endswith("\n")) else (text.splitlines() or [""])[-1]

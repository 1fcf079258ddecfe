"""A long command, run to its end with its progress told."""

import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryFile

from svcproof.model.cluster import Progress

TELL_EVERY = 10.0
"""Seconds between two lines of progress."""
TAIL = 15
"""Lines of a failed command's output that are worth showing."""


class NotObtainedError(Exception):
    """One way to obtain a component failed; the message says what was tried and what came of it."""


def run(
    argv: Sequence[str], *, cwd: Path, environment: Mapping[str, str] | None = None, what: str, progress: Progress
) -> str:
    """Run a command and return its standard output; `what` it does is told with the seconds that it has taken.

    Raises NotObtainedError with the last lines of output where it cannot be started or fails. When interrupted, the
    command and all that it started are ended first.
    """
    began = time.monotonic()
    with TemporaryFile("w+", errors="replace") as out, TemporaryFile("w+", errors="replace") as err:
        # An interrupt in the middle of starting would leave the command running and unknown. It inherits the blocking,
        # which is of no account: it has a session of its own, and SIGKILL ends it.
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            process = subprocess.Popen(
                argv, cwd=cwd, env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=err, start_new_session=True
            )
        except OSError as error:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
            raise NotObtainedError(f"{argv[0]} cannot be run: {error.strerror}") from error
        try:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
            while (code := _ended(process)) is None:
                progress(f"{what}: {time.monotonic() - began:.0f} s")
        finally:
            if process.returncode is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        for stream in (out, err):
            stream.seek(0)
        output = out.read()
        if code:
            lines = [line for line in (output + err.read()).splitlines() if not line.startswith("go: downloading ")]
            tail = "\n".join(f"    {line}" for line in lines[-TAIL:])
            raise NotObtainedError(f"{' '.join(argv)}: exit code {code}\n{tail}")
        return output


def _ended(process: subprocess.Popen[bytes]) -> int | None:
    try:
        return process.wait(timeout=TELL_EVERY)
    except subprocess.TimeoutExpired:
        return None

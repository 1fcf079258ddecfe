"""A command that goes on in the background once it is ready; until then it is in the foreground."""

import os
import signal
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

READY = b"ready"
ENDED_EARLY = 2
"""The exit code of a child that was interrupted before it was ready, as of any interrupted command."""


@dataclass(frozen=True, slots=True)
class Background:
    """The process that will go on; the command that began it waits at the other end of the pipe."""

    pipe: int

    def leave(self, log: Path) -> None:
        """Print to the log from now on, and let the waiting command end with 0.

        Raises BrokenPipeError where nobody waits any more.
        """
        os.chdir("/")
        descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        for output in {1, 2, sys.stdout.fileno(), sys.stderr.fileno()}:
            os.dup2(descriptor, output)
        os.close(descriptor)
        os.write(self.pipe, READY)
        os.close(self.pipe)


def begin() -> Background:
    """Return in a process of a new session, which has nothing of its parent's but where it prints.

    The calling process does not return: it ends when `leave` is called, or with the exit code of the new one.
    """
    receiving, sending = os.pipe()
    child = os.fork()
    if child:
        os.close(sending)
        sys.exit(_code(child, receiving))
    os.setsid()
    _close_all_but({0, 1, 2, sending, sys.stdout.fileno(), sys.stderr.fileno()})
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    return Background(sending)


def _code(child: int, pipe: int) -> int:
    """Wait until the child is ready, or has ended; an interrupt of this process ends it."""
    try:
        if os.read(pipe, len(READY)):
            return 0
        return abs(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])) or ENDED_EARLY
    except KeyboardInterrupt:
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGTERM)
        with suppress(ChildProcessError):
            os.waitpid(child, 0)
        raise


def _close_all_but(kept: set[int]) -> None:
    """Close what was inherited: a script may wait until a lock or a pipe of its own is closed everywhere."""
    inherited = {int(entry.name) for entry in list(Path("/proc/self/fd").iterdir())}
    for descriptor in inherited - kept:
        with suppress(OSError):  # That of the listing is closed already.
            os.close(descriptor)

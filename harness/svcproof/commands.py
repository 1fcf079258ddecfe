"""Commands of other programs: run to their end within a time limit; one that fails is told with its last lines.

Not for programs that stay, and not for those in pods and nodes of a lab.
"""

import logging
import os
import re
import shlex
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from svcproof.errors import ProvisionError
from svcproof.interrupts import deferred
from svcproof.limits import Limit, Request

LAST_LINES = 15
LOOK_EVERY = 0.5
TELL_EVERY = 10.0
GO_FRAME = re.compile(r"^\S+\n\s+\S+\.go:\d+$\n?", re.MULTILINE)
"""A function and the place in its source: kubeadm ends with a stack of them, under which its error would be lost."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Completed:
    """A command that ended, with its exit code."""

    code: int
    stdout: bytes
    stderr: bytes

    @property
    def stdout_text(self) -> str:
        """Standard output as text, whatever bytes are in it."""
        return self.stdout.decode(errors="replace")

    @property
    def stderr_text(self) -> str:
        """Standard error as text, whatever bytes are in it."""
        return self.stderr.decode(errors="replace")


class CommandError(ProvisionError):
    """A command failed; `printed` is all that it had printed by then."""

    def __init__(self, outcome: str, completed: Completed | None = None) -> None:
        self.printed = completed.stdout_text + completed.stderr_text if completed else ""
        super().__init__(f"{outcome}; {_quoted(completed)}" if completed else outcome)


class NotStartedError(CommandError):
    """A command could not be started."""


class OverdueError(CommandError):
    """A command was not over in time, and was killed."""


def last_lines(text: str, most: int = LAST_LINES) -> tuple[str, ...]:
    """The last lines that a program has printed, without the stacks of Go programs."""
    return tuple(GO_FRAME.sub("", text).strip().splitlines()[-most:])


def _quoted(completed: Completed) -> str:
    lines = (*last_lines(completed.stdout_text), *last_lines(completed.stderr_text))
    return "\n  ".join(("its last lines:", *lines)) if lines else "it printed nothing"


@dataclass(frozen=True, slots=True)
class Command:
    """A command to be run. It has a session of its own, so Ctrl-C reaches this process alone."""

    argv: Sequence[str]
    within: Limit | float
    """Seconds after which it is killed, with all that it started."""
    name: str = ""
    """Stands for the command in messages."""
    variables: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Added to the environment: the place for secrets, since everybody on the machine can read command lines."""
    directory: Path | None = None
    sent: bytes = b""
    """Its standard input."""
    confidential: bool = False
    """True if its standard output is a secret: messages leave that out."""
    held: bool = False
    """True if its standard input is a pipe that this process has open until the command ends, or this process does."""
    on_line: Callable[[str], None] | None = None
    """Takes each line of standard output as it comes."""
    on_wait: Callable[[float], None] | None = None
    """Takes the seconds that have passed, every TELL_EVERY seconds."""

    def __str__(self) -> str:
        return self.name or shlex.join(self.argv)

    def output(self) -> str:
        """Run it and return its standard output; raises CommandError as `run` does, and where it fails."""
        completed = self.run()
        if completed.code:
            raise CommandError(f"{self} failed with exit code {completed.code}", self._public(completed))
        return completed.stdout_text

    def run(self) -> Completed:
        """Run it to its end, whatever its exit code; when this process is interrupted, kill it with all it started.

        Raises NotStartedError, or OverdueError where it is not over in time.
        """
        process: subprocess.Popen[bytes] | None = None
        began = time.monotonic()
        with self._input() as stdin:
            try:
                with deferred():
                    process = self._start(stdin)
                completed = self._communicate(process, began)
            finally:
                if process is not None:
                    _kill(process)
                    _close(process)
        log.debug("%s: exit code %d after %.1f s", self, completed.code, time.monotonic() - began)
        return completed

    def _public(self, completed: Completed) -> Completed:
        return Completed(completed.code, b"", completed.stderr) if self.confidential else completed

    @contextmanager
    def _input(self) -> Iterator[int]:
        if not self.held:
            yield subprocess.PIPE if self.sent else subprocess.DEVNULL
            return
        reading, writing = os.pipe()
        try:
            yield reading
        finally:
            os.close(reading)
            os.close(writing)

    def _start(self, stdin: int) -> "subprocess.Popen[bytes]":
        environment = {**os.environ, **self.variables}
        try:
            return subprocess.Popen(
                self.argv, cwd=self.directory, env=environment, stdin=stdin, stdout=subprocess.PIPE,
                stderr=subprocess.PIPE, start_new_session=True,
            )  # fmt: skip
        except OSError as error:
            raise NotStartedError(f"could not start {self}: {error.strerror}") from error

    def _communicate(self, process: "subprocess.Popen[bytes]", began: float) -> Completed:
        """Send the input and read the outputs until the command ends."""
        following, sent = _Following(self), self.sent or None
        seconds = self.within.seconds if isinstance(self.within, Limit) else self.within
        while True:
            left = began + seconds - time.monotonic()
            try:
                stdout, stderr = process.communicate(sent, timeout=max(0.0, min(left, LOOK_EVERY)))
            except subprocess.TimeoutExpired as late:
                if left <= LOOK_EVERY:
                    killed = Completed(-signal.SIGKILL, *_drained(process))
                    remedy = f" (--patience {self.within.called}=2)" if isinstance(self.within, Limit) else ""
                    outcome = f"{self} was not over after {seconds:g} s{remedy}"
                    raise OverdueError(outcome, self._public(killed)) from late
                following.tell(late.output or b"", time.monotonic() - began)
                sent = None  # The rest of it is sent all the same.
            else:
                following.tell(stdout)
                return Completed(process.returncode, stdout, stderr)


@dataclass(slots=True)
class _Following:
    """The part of a running command's output, and of its time, that has been told to whoever follows it."""

    command: Command
    position: int = 0
    told_at: float = 0.0

    def tell(self, stdout: bytes, passed: float = 0.0) -> None:
        """Tell of the lines that are new and, every TELL_EVERY seconds, of the time that has passed."""
        if self.command.on_line:
            end = max(self.position, stdout.rfind(b"\n") + 1)
            for line in stdout[self.position : end].decode(errors="replace").splitlines():
                self.command.on_line(line)
            self.position = end
        if self.command.on_wait and passed - self.told_at >= TELL_EVERY:
            self.told_at = passed
            self.command.on_wait(passed)


def _drained(process: "subprocess.Popen[bytes]") -> tuple[bytes, bytes]:
    """Kill a command, and return what it has printed."""
    _kill(process)
    try:
        return process.communicate(timeout=Request.OUTPUT_READ.seconds)
    except subprocess.TimeoutExpired as late:
        return late.output or b"", late.stderr or b""


def _kill(process: "subprocess.Popen[bytes]") -> None:
    """Kill a command that has not ended, with all it has started, which are of its group."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _close(process: "subprocess.Popen[bytes]") -> None:
    for stream in (process.stdin, process.stdout, process.stderr):
        if stream:
            with suppress(BrokenPipeError):  # Input that it did not read.
                stream.close()

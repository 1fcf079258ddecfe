"""The commands and programs that run in the namespaces of a lab."""

import asyncio
import os
import signal
from collections.abc import Awaitable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from svcproof.lab.directory import Directory
from svcproof.lab.process import enter
from svcproof.lab.process.cpu_time import cpu_time
from svcproof.lab.process.halts import Halts
from svcproof.lab.process.output import Output
from svcproof.lab.runtime.forkserver.capabilities import MACHINE

PATIENCE = 2.0
"""Seconds between asking a program to end and ending it."""
LARGEST_OUTPUT = 16 << 20
"""Bytes of a command's output; it is ended where it prints more."""


class TooMuchOutputError(Exception):
    """A command printed more than LARGEST_OUTPUT."""


@dataclass(slots=True)
class RunningProgram:
    """A program that was started, and the tasks that follow it; it may have ended."""

    process: asyncio.subprocess.Process
    output: Output
    following: asyncio.Task[None]
    halts: Halts
    watching: asyncio.Task[None] | None = None
    """The one that looks for halts all the time, where that was asked for."""


@dataclass(frozen=True, slots=True)
class CommandOutput:
    """The exit code of a command, None if it was ended at its time limit, and its output."""

    code: int | None
    stdout: bytes
    stderr: bytes


class Programs:
    """The programs of one lab, by name."""

    def __init__(self, lab: Directory) -> None:
        self._lab = lab
        self._programs: dict[str, RunningProgram] = {}

    async def run(self, netns: str, argv: Sequence[str], timeout: float) -> CommandOutput:
        """Run a command in a namespace to its end, `timeout` seconds at most; raises OSError, TooMuchOutputError."""
        process = await _execute(enter.inside(self._lab, netns, argv), {}, stderr=asyncio.subprocess.PIPE)
        reading = [asyncio.create_task(_read(stream)) for stream in (process.stdout, process.stderr)]
        try:
            await asyncio.wait_for(asyncio.gather(*reading, process.wait()), timeout)
        except TimeoutError:
            return CommandOutput(None, b"", b"")
        finally:
            _signal(process, signal.SIGKILL)
            for task in reading:
                task.cancel()
            await asyncio.wait(reading)
            await _within_patience(process.communicate())
        stdout, stderr = (task.result() for task in reading)
        return CommandOutput(process.returncode, stdout, stderr)

    async def start(
        self,
        name: str,
        netns: str,
        argv: Sequence[str],
        environment: Mapping[str, str],
        directory: str | None = None,
        *,
        capabilities: Collection[str] = MACHINE,
    ) -> None:
        """Start a program in a namespace, with its output in `<logs>/<name>.log`; one that has this name is stopped.

        It can write to `directory`, which is also its working directory.
        """
        await self.stop(name)
        writable = Path(directory) if directory else None
        words = enter.inside(self._lab, netns, argv, directory=writable, capabilities=capabilities)
        process = await _execute(words, environment, stderr=asyncio.subprocess.STDOUT)
        output = Output(self._lab.logs / f"{name}.log")
        if process.stdout is None:
            raise OSError(f"{argv[0]} was started without a pipe for its output")
        following = asyncio.create_task(output.follow(process.stdout), name=f"output of {name}")
        self._programs[name] = RunningProgram(process, output, following, Halts(process.pid))

    def watch_halts(self, name: str) -> None:
        """Look for halts of a program from now on, so that `states` knows of those that are over, too."""
        program = self._programs[name]
        program.watching = asyncio.create_task(program.halts.follow(), name=f"halts of {name}")

    async def inspect(self, name: str) -> tuple[int | None, str]:
        """Return a program's exit code (None while it runs) and its last lines; raises KeyError."""
        program = self._programs[name]
        if program.process.returncode is not None:
            # What it printed last may still be on the way.
            await _within_patience(asyncio.shield(program.following))
        return program.process.returncode, program.output.last_lines()

    def states(self, names: Collection[str], since: float) -> Iterator[tuple[int | None, str]]:
        """Yield of each program its exit code (None while it runs), and its halts; raises KeyError.

        They are those at the moment `since` of the monotonic clock or later; empty if there were none.
        """
        for name in names:
            program = self._programs[name]
            yield program.process.returncode, program.halts.since(since)

    def cpu_time(self, names: Collection[str]) -> float:
        """The CPU time in seconds that programs have used, with all that they started; none if they were stopped."""
        running = [self._programs[name] for name in names if name in self._programs]
        return sum(cpu_time(program.process.pid) for program in running)

    async def ended(self, name: str) -> None:
        """Wait until a program has ended."""
        await self._programs[name].process.wait()

    async def stop(self, name: str, kill: bool = False) -> None:
        """End a program and what it started, at once where it is to be killed; one that is not there is left out."""
        program = self._programs.pop(name, None)
        if program is None:
            return
        if program.watching is not None:
            program.watching.cancel()
        if not kill:
            _signal(program.process, signal.SIGTERM)
            await _within_patience(program.process.wait())
        _signal(program.process, signal.SIGKILL)
        await program.process.wait()
        await _within_patience(program.following)


async def _execute(words: Sequence[str], environment: Mapping[str, str], *, stderr: int) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *words,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=stderr,
        env={**os.environ, **environment},
        cwd="/",
        start_new_session=True,
    )


def _signal(process: asyncio.subprocess.Process, number: signal.Signals) -> None:
    """Signal a process and what it started; they are one process group, which its number outlives."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, number)


async def _within_patience(waiting: Awaitable[object]) -> None:
    """Wait for a short time only: a process that left its group may keep a pipe open."""
    with suppress(TimeoutError):
        await asyncio.wait_for(waiting, PATIENCE)


async def _read(stream: asyncio.StreamReader | None) -> bytes:
    data = bytearray()
    while stream is not None and (chunk := await stream.read(1 << 16)):
        data += chunk
        if len(data) > LARGEST_OUTPUT:
            raise TooMuchOutputError(f"more than {LARGEST_OUTPUT} bytes")
    return bytes(data)

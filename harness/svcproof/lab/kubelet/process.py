"""A container's process with its streams, and commands run beside it."""

import asyncio
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass, replace
from signal import Signals

from svcproof.lab.kubelet.streams import Sink, Stream, Streams
from svcproof.lab.runtime import CannotStartError, Container, Process, Running, Runtime


@dataclass(frozen=True, slots=True)
class Handle:
    """A process under way, the lab's ends of its streams, and what it was started as."""

    running: Running
    streams: Streams
    process: Process

    @property
    def environment(self) -> Mapping[str, str]:
        """The variables it was started with."""
        return self.process.environment

    async def finished(self) -> int:
        """Wait until it has ended and its output is read; its exit code."""
        code = await self.running.wait()
        await self.streams.drained()
        return code


async def start(runtime: Runtime, container: Container, *, stdin: bool, sink: Sink) -> Handle:
    """Start a container whose output goes to `sink`; raises CannotStartError."""
    streams = Streams(stdin=stdin, tty=container.process.tty)
    return await _connected(runtime.start(container, streams.theirs), streams, sink, container.process)


async def execute(
    runtime: Runtime, within: Handle, argv: tuple[str, ...], sink: Sink, *, stdin: bool = False, tty: bool = False
) -> Handle:
    """Start a command in a running container, with the container's variables and rights; raises CannotStartError."""
    environment = {**within.environment, **({"TERM": "xterm"} if tty else {})}
    process = replace(within.process, argv=argv, environment=environment, directory="/", tty=tty)
    streams = Streams(stdin=stdin, tty=tty)
    return await _connected(runtime.execute(within.running, process, streams.theirs), streams, sink, process)


async def _connected(starting: Awaitable[Running], streams: Streams, sink: Sink, process: Process) -> Handle:
    try:
        running = await starting
    except CannotStartError:
        streams.abandon()
        raise
    return Handle(running, await streams.connect(sink), process)


async def output_of(runtime: Runtime, within: Handle, argv: tuple[str, ...], seconds: float) -> tuple[int, bytes]:
    """Run a command in a running container to its end; raises TimeoutError, after killing it."""
    output = bytearray()

    def keep(_: Stream, data: bytes) -> None:
        output.extend(data)

    try:
        handle = await execute(runtime, within, argv, keep)
    except CannotStartError as error:
        return 126, str(error).encode()
    try:
        async with asyncio.timeout(seconds):
            return await handle.finished(), bytes(output)
    finally:
        await runtime.signal(handle.running, Signals.SIGKILL)

"""The standard streams of a container's process, and the lab's ends of them."""

import asyncio
import fcntl
import os
import struct
import termios
from collections.abc import Callable
from enum import StrEnum
from typing import Self

DRAIN_SECONDS = 1.0
"""The time to wait for the output of a process after its end; its children may hold the pipe open for ever."""


class Stream(StrEnum):
    """An output of a process; with a terminal there is only STDOUT."""

    STDOUT = "stdout"
    STDERR = "stderr"


Sink = Callable[[Stream, bytes], None]


class Streams:
    """Pipes, or a pseudo-terminal, to one process: `theirs` are its ends, to be passed on and then closed."""

    def __init__(self, *, stdin: bool, tty: bool) -> None:
        self._input: asyncio.WriteTransport | None = None
        self._ends: list[asyncio.Future[None]] = []
        if tty:
            self._terminal, slave = os.openpty()
            self.theirs: tuple[int, int, int] = (slave, slave, slave)
            self._outputs = {Stream.STDOUT: self._terminal}
            self._write_end = os.dup(self._terminal) if stdin else None
            return
        self._terminal = -1
        out, err = os.pipe(), os.pipe()
        self._outputs = {Stream.STDOUT: out[0], Stream.STDERR: err[0]}
        read, self._write_end = os.pipe() if stdin else (os.open(os.devnull, os.O_RDONLY), None)
        self.theirs = (read, out[1], err[1])

    async def connect(self, sink: Sink) -> Self:
        """Begin to hand output to `sink`, and close the process's ends."""
        loop = asyncio.get_running_loop()
        for fd in set(self.theirs):
            os.close(fd)
        for stream, fd in self._outputs.items():
            end: asyncio.Future[None] = loop.create_future()
            self._ends.append(end)
            await loop.connect_read_pipe(lambda s=stream, e=end: _Reader(s, sink, e), os.fdopen(fd, "rb", 0))  # type: ignore[misc]
        if self._write_end is not None:
            self._input, _ = await loop.connect_write_pipe(asyncio.BaseProtocol, os.fdopen(self._write_end, "wb", 0))
        return self

    def abandon(self) -> None:
        """Close everything, where the process was never started."""
        for fd in {*self.theirs, *self._outputs.values(), *([] if self._write_end is None else [self._write_end])}:
            os.close(fd)

    def write(self, data: bytes) -> None:
        """Write to standard input; lost where there is none or it is closed."""
        if self._input and not self._input.is_closing():
            self._input.write(data)

    def close_input(self) -> None:
        """Let the process see the end of its input."""
        if self._input and self._terminal < 0:
            self._input.close()

    def resize(self, width: int, height: int) -> None:
        """Tell the terminal its size in characters."""
        if self._terminal >= 0 and not all(end.done() for end in self._ends):
            fcntl.ioctl(self._terminal, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))

    async def read(self) -> None:
        """Wait for the end of all output, once the process has ended."""
        if self._ends:
            await asyncio.wait(self._ends, timeout=DRAIN_SECONDS)

    async def drained(self) -> None:
        """Wait for the end of all output, and close what is ours."""
        await self.read()
        if self._input:
            self._input.close()


class _Reader(asyncio.Protocol):
    def __init__(self, stream: Stream, sink: Sink, end: asyncio.Future[None]) -> None:
        self._stream, self._sink, self._end = stream, sink, end

    def data_received(self, data: bytes) -> None:
        self._sink(self._stream, data)

    def connection_lost(self, exc: Exception | None) -> None:
        # A terminal reports EIO when its last user is gone: that is its end of file.
        if not self._end.done():
            self._end.set_result(None)

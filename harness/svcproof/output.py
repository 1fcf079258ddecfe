"""Output that may be lost without any other effect: nobody reads the pipe, the disk is full, the terminal is gone."""

import io
import os
import select
import sys
from typing import TYPE_CHECKING, TextIO, cast

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer


class Sink(io.FileIO):
    """A file that accepts every byte; `lost` is the first error that kept some from being written."""

    lost: OSError | None = None

    def write(self, data: "ReadableBuffer", /) -> int:
        """Write as much as the file takes, or drop it all; wait for a slow reader even where writing does not block."""
        try:
            while (written := cast("int | None", super().write(data))) is None:
                _await_reader(self.fileno())
        except OSError as error:
            self.lost = self.lost or error
            return memoryview(data).nbytes
        return written


def _await_reader(descriptor: int) -> None:
    poll = select.poll()
    poll.register(descriptor, select.POLLOUT)
    poll.poll()


def lossy(descriptor: int, like: TextIO | None, *, own: bool = False) -> io.TextIOWrapper:
    """Return a text stream that never fails, whatever becomes of the file and whatever its encoding lacks.

    Encoding and buffering are those of the stream `like`. With `own` it closes the descriptor.
    """
    sink = Sink(descriptor, "w", closefd=own)
    return io.TextIOWrapper(
        io.BufferedWriter(sink),
        encoding=getattr(like, "encoding", None) or "utf-8",
        errors="backslashreplace",
        line_buffering=getattr(like, "line_buffering", False),
        write_through=getattr(like, "write_through", False),
    )


def lost(stream: TextIO) -> OSError | None:
    """Return why something written to this stream was lost, if it is one of `lossy` and something was."""
    sink = getattr(getattr(stream, "buffer", None), "raw", None)
    if not isinstance(sink, Sink):
        return None
    stream.flush()
    return sink.lost


def protect_standard_streams() -> None:
    """Make standard output and error streams that never fail, and open those that are closed.

    Otherwise the next file that is opened, such as the results', would get the number of a closed one, and with it what
    other programs write there. Streams that somebody has put in their place, as tests do, stay as they are.
    """
    for descriptor in range(3):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # It takes the lowest number that is free, which is this one.
    sys.stdin = sys.stdin or open(os.devnull, encoding="utf-8")  # noqa: SIM115, PTH123 - open as long as the process runs
    sys.stdout = _protected(1, sys.stdout, sys.__stdout__)
    sys.stderr = _protected(2, sys.stderr, sys.__stderr__)


def _protected(descriptor: int, stream: TextIO | None, original: TextIO | None) -> TextIO:
    if stream is None:  # Python found it closed; writing to what is open for reading fails in the same way.
        return lossy(os.open(os.devnull, os.O_RDONLY), None, own=True)
    return lossy(descriptor, stream) if stream is original else stream

"""The output of a program, kept in files of bounded size, with the times at which it was printed."""

import asyncio
import time
from bisect import bisect_right
from collections.abc import Iterator
from pathlib import Path

PART = 1 << 20
"""Bytes kept of the beginning, and at least as many of the end."""
CHUNK = 1 << 16
PAUSE = 0.02
"""Seconds between two reads from a program that has printed more than PART, so that it does not starve the lab."""
TAIL = 1 << 13
BETWEEN_TIMES = 64
"""Bytes at least between two places whose times are kept, so that these never outgrow the output."""
PARTS = (".log", ".later.log", ".latest.log")
LEFT_OUT = "[... more was printed, and left out here ...]"


class Output:
    """Takes a program's output: the first part goes to `path`, the rest in turns to two files beside it.

    So the beginning and the end are on disk at any time, in no more than three times PART bytes. Beside each file is
    one of times: a line `SECONDS OFFSET` for output that came at a time of the wall clock, and where it begins.
    """

    def __init__(self, path: Path) -> None:
        self._files = tuple(path.with_suffix(part) for part in PARTS)
        self._current = path.open("wb", buffering=0)
        self._times = times_of(path).open("wb", buffering=0)
        self._timed = -BETWEEN_TIMES
        self._latest = False
        self._size = 0
        self._tail = b""

    async def follow(self, stream: asyncio.StreamReader) -> None:
        """Take all that comes until the stream ends."""
        try:
            while chunk := await stream.read(CHUNK):
                self._take(chunk)
                if self._latest:
                    await asyncio.sleep(PAUSE)
        finally:
            self._current.close()
            self._times.close()

    def last_lines(self, count: int = 20) -> str:
        """Return the last lines printed."""
        return "\n".join(self._tail.decode(errors="replace").splitlines()[-count:])

    def _take(self, chunk: bytes) -> None:
        """Keep a piece of output; read it even if the disk is full, or the program would wait for us."""
        self._tail = (self._tail + chunk)[-TAIL:]
        try:
            if self._size - self._timed >= BETWEEN_TIMES:
                self._times.write(f"{time.time():.6f} {self._size}\n".encode())
                self._timed = self._size
            self._current.write(chunk)
            self._size += len(chunk)
            if self._size >= PART:
                self._turn()
        except OSError as error:
            self._tail = (self._tail + f"\n[its log cannot be written: {error.strerror}]\n".encode())[-TAIL:]

    def _turn(self) -> None:
        _, later, latest = self._files
        self._current.close()
        self._times.close()
        if latest.exists():
            latest.replace(later)
            times_of(latest).replace(times_of(later))
        self._current = latest.open("wb", buffering=0)
        self._times = times_of(latest).open("wb", buffering=0)
        self._latest = True
        self._size, self._timed = 0, -BETWEEN_TIMES


def times_of(path: Path) -> Path:
    """The file of times beside one of output."""
    return path.with_suffix(".times")


def lines(path: Path) -> Iterator[tuple[float, str]]:
    """Yield the lines of the output that `Output` kept at `path`, each with the time at which its printing began."""
    for number, part in enumerate(part for suffix in PARTS if (part := path.with_suffix(suffix)).exists()):
        content = part.read_bytes()
        stamps = [line.split() for line in times_of(part).read_text().splitlines()]
        offsets = [int(offset) for _, offset in stamps]
        position = 0
        for line in content.splitlines(keepends=True):
            at = float(stamps[bisect_right(offsets, position) - 1][0])
            if number and not position:
                yield at, LEFT_OUT
            yield at, line.decode(errors="replace").rstrip("\r\n")
            position += len(line)

"""The output of a program, kept in files of bounded size."""

import asyncio
from pathlib import Path

PART = 1 << 20
"""Bytes kept of the beginning, and at least as many of the end."""
CHUNK = 1 << 16
PAUSE = 0.02
"""Seconds between two reads from a program that has printed more than PART, so that it does not starve the lab."""
TAIL = 1 << 13


class Output:
    """Takes a program's output: the first part goes to `path`, the rest in turns to two files beside it.

    So the beginning and the end are on disk at any time, in no more than three times PART bytes.
    """

    def __init__(self, path: Path) -> None:
        self._files = (path, path.with_suffix(".later.log"), path.with_suffix(".latest.log"))
        self._current = path.open("wb", buffering=0)
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

    def last_lines(self, count: int = 20) -> str:
        """Return the last lines printed."""
        return "\n".join(self._tail.decode(errors="replace").splitlines()[-count:])

    def _take(self, chunk: bytes) -> None:
        """Keep a piece of output; read it even if the disk is full, or the program would wait for us."""
        self._tail = (self._tail + chunk)[-TAIL:]
        try:
            self._current.write(chunk)
            self._size += len(chunk)
            if self._size >= PART:
                self._turn()
        except OSError as error:
            self._tail = (self._tail + f"\n[its log cannot be written: {error.strerror}]\n".encode())[-TAIL:]

    def _turn(self) -> None:
        _, later, latest = self._files
        self._current.close()
        if latest.exists():
            latest.replace(later)
        self._current = latest.open("wb", buffering=0)
        self._latest = True
        self._size = 0


def read(path: Path, limit: int) -> str:
    """Return the output that `Output` kept at `path`, at most `limit` bytes of either end, with a line for the gap."""
    kept = [
        part.read_bytes()
        for part in (path, path.with_suffix(".later.log"), path.with_suffix(".latest.log"))
        if part.exists()
    ]
    return bounded(b"".join(kept), limit, whole=len(kept) == 1)


def bounded(text: bytes, limit: int, *, whole: bool = True) -> str:
    """Return a text, at most `limit` bytes of either end; where not `whole`, it already lacks something between."""
    if whole and len(text) <= 2 * limit:
        return text.decode(errors="replace")
    ends = (text[:limit], text[-limit:])
    return "\n[... more was printed, and left out here ...]\n".join(end.decode(errors="replace") for end in ends)

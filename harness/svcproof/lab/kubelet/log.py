"""A container's log: one file per start, in the format of the Container Runtime Interface.

Each line is `TIME STREAM P|F TEXT`, where P marks a part of a line that was too long or not finished.
"""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from svcproof.lab.clock import now, rfc3339_nano
from svcproof.lab.kubelet.streams import Stream

LONGEST_PART = 16 << 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A query of a log, with the options of the API's pods/log."""

    follow: bool = False
    timestamps: bool = False
    tail: int | None = None
    since: timedelta | datetime | None = None
    limit: int | None = None
    """Bytes after which to stop."""


class Log:
    """Written by the container's streams, read while it is written."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self._file = path.open("ab", buffering=0)
        self._rest = dict.fromkeys(Stream, b"")
        self._changed = asyncio.Event()
        self._closed = False

    def write(self, stream: Stream, data: bytes) -> None:
        """Append output; a line is written once it is complete."""
        *lines, rest = (self._rest[stream] + data).split(b"\n")
        while len(rest) >= LONGEST_PART:
            self._append(stream, "P", rest[:LONGEST_PART])
            rest = rest[LONGEST_PART:]
        self._rest[stream] = rest
        for line in lines:
            self._append(stream, "F", line)
        self._wake()

    def close(self) -> None:
        """Write what is left; followers come to an end."""
        for stream, rest in self._rest.items():
            if rest:
                self._append(stream, "P", rest)
        self._file.close()
        self._closed = True
        self._wake()

    async def read(self, query: Query) -> AsyncGenerator[bytes, None]:
        """Yield the lines that are wanted, and with `follow` those to come until the log is closed."""
        rest = query.limit
        with self.path.open("rb") as file:
            chosen: Iterator[bytes] | deque[bytes] = _lines(file, query)
            if query.tail is not None:
                chosen = deque(chosen, maxlen=query.tail)
            while True:
                closed, changed = self._closed, self._changed
                for line in chosen:
                    yield line if rest is None else line[:rest]
                    rest = None if rest is None else rest - len(line)
                    if rest is not None and rest <= 0:
                        return
                if closed or not query.follow:
                    return
                await changed.wait()
                chosen = _lines(file, query)

    def _append(self, stream: Stream, mark: str, text: bytes) -> None:
        self._file.write(f"{rfc3339_nano(now())} {stream} {mark} ".encode() + text + b"\n")

    def _wake(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()


def _lines(file: Iterator[bytes], query: Query) -> Iterator[bytes]:
    since = now() - query.since if isinstance(query.since, timedelta) else query.since
    for line in file:
        time, _, mark, text = line.split(b" ", 3)
        if since and datetime.fromisoformat(time.decode()[:26].rstrip("Z") + "+00:00") < since:
            continue
        shown = text if mark == b"F" else text.removesuffix(b"\n")
        yield time + b" " + shown if query.timestamps else shown

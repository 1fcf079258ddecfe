"""Many probes at once, but not all in the same instant."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from errnos import Result
from exchange import Done
from loop import Loop

Spec = dict[str, Any]
"""`protocol`, `address`, `port`, `timeout`, and `source_port` and `size` where they are not 0."""
BURST, PAUSE = 128, 0.01
"""So many begin at once, and as many more in so many seconds: a server's queue of datagrams holds some 250."""


class Batch:
    """Starts each of `specs`, never more than `most` under way, and calls `done` with the results in their order."""

    def __init__(
        self,
        loop: Loop,
        specs: list[Spec],
        start: Callable[[Spec, Done], None],
        most: int,
        done: Callable[[list[Result]], None],
    ) -> None:
        self._loop, self._specs, self._start, self._most, self._done = loop, specs, start, most, done
        self._results: list[Result] = [{}] * len(specs)
        self._begun = self._ended = self._window = 0
        self._beginning = False
        self._widen()

    def _widen(self) -> None:
        self._window = min(self._most, self._window + BURST)
        self._begin()
        if self._begun < len(self._specs):
            self._loop.after(PAUSE, self._widen_on)

    def _widen_on(self) -> None:
        if self._begun < len(self._specs):  # Else all have begun as others ended, and `done` may have been called.
            self._widen()

    def _begin(self) -> None:
        if self._beginning:  # one that ended as soon as it began: the loop below goes on
            return
        self._beginning = True
        while self._begun < len(self._specs) and self._begun - self._ended < self._window:
            index = self._begun
            self._begun += 1
            self._start(self._specs[index], partial(self._end, index))
        self._beginning = False
        if self._ended == len(self._specs):
            self._done(self._results)

    def _end(self, index: int, result: Result) -> None:
        self._results[index] = result
        self._ended += 1
        self._begin()

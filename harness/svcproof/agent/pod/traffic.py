"""Traffic: tries to several targets, each at a fixed rate, that go on until the harness ends them.

A try that the agent could not begin in its turn, since its machine was busy, is not made later: it is counted as not
sent, and so never as lost.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import specs
from errnos import Result
from exchange import Done
from kept import Kept
from probing import Prober, Spec

Respond = Callable[[Any], None]


class Stream:
    """The tries to one target: each over a new socket, or all over one that is kept."""

    def __init__(self, prober: Prober, spec: Spec) -> None:
        self._prober, self._spec = prober, spec
        self.kept = Kept(prober, spec) if spec["kept"] else None
        self.tries: list[list[Any]] = []
        """For each, when it began, how long it took, its outcome, the pod that answered, and the error."""
        self.unsent, self.late, self.under_way = 0, 0.0, 0

    def attempt(self, at: float, ended: Callable[[], None]) -> None:
        """Begin a try, which began at this time, and call `ended` when it is over."""
        self.under_way += 1

        def done(result: Result) -> None:
            self.under_way -= 1
            if "error" in result:
                self.unsent += 1
            else:
                pod = result["answer"]["pod"] if "answer" in result else ""
                took = round(result["seconds"], 4)
                self.tries.append([round(at, 4), took, result["outcome"], pod, result.get("errno", "")])
            ended()

        begin: Callable[[Done], None] = self.kept.attempt if self.kept else partial(self._prober.probe, self._spec)
        begin(done)

    def summary(self) -> dict[str, Any]:
        """All that became of it."""
        broken = self.kept.broken if self.kept else 0
        return {"unsent": self.unsent, "late": round(self.late, 4), "broken": broken, "tries": self.tries}


class Running:
    """The streams of one request, from the first try on until `end`, or until `longest` seconds are over."""

    def __init__(self, prober: Prober, streams: list[Stream], every: float, longest: float) -> None:
        self._loop, self._streams, self._every, self._longest = prober.loop, streams, every, longest
        self._began = time.monotonic()
        self._ended: float | None = None
        self._whenever_quiet: Callable[[], None] | None = None

    def begin(self, begun: Callable[[], None]) -> None:
        """Begin, the streams one after another within one turn; call `begun` once the first try of each is over."""
        missing = set(range(len(self._streams)))

        def ended(number: int) -> None:
            if missing:
                missing.discard(number)
                if not missing:
                    begun()
            self._quiet()

        for number in range(len(self._streams)):
            self._later(number, self._began + self._every * number / len(self._streams), partial(ended, number))

    def end(self, quiet: Callable[[dict[str, Any]], None]) -> None:
        """Begin no try any more; call `quiet` with all results when those under way are over."""
        ended = self._ended = min(time.monotonic() - self._began, self._longest)

        def report() -> None:
            for stream in self._streams:
                if stream.kept:
                    stream.kept.close()
            quiet({"seconds": round(ended, 4), "streams": [stream.summary() for stream in self._streams]})

        self._whenever_quiet = report
        self._quiet()

    def _later(self, number: int, due: float, ended: Callable[[], None]) -> None:
        self._loop.after(max(0.0, due - time.monotonic()), lambda: self._turn(number, due, ended))

    def _turn(self, number: int, due: float, ended: Callable[[], None]) -> None:
        now, stream = time.monotonic(), self._streams[number]
        if self._ended is not None or now - self._began > self._longest:
            return
        missed = int((now - due) / self._every)
        stream.unsent += missed
        stream.late = max(stream.late, now - due)
        self._later(number, due + (missed + 1) * self._every, ended)
        stream.attempt(now - self._began, ended)

    def _quiet(self) -> None:
        if self._whenever_quiet and not any(stream.under_way for stream in self._streams):
            report, self._whenever_quiet = self._whenever_quiet, None
            report()


class Traffic:
    """The traffic that is going on, by number."""

    def __init__(self, prober: Prober) -> None:
        self._prober = prober
        self._running: dict[int, Running] = {}
        self._numbers = itertools.count(1)

    def begin(self, body: dict[str, Any], respond: Respond) -> None:
        """Begin; responds with a number once a try of each stream is over, so that connections kept are open."""
        specs.traffic(body)
        streams = [Stream(self._prober, spec) for spec in body["streams"]]
        number = next(self._numbers)
        self._running[number] = Running(self._prober, streams, body["every"], body["longest"])
        self._running[number].begin(lambda: respond({"id": number}))

    def end(self, body: dict[str, Any], respond: Respond) -> None:
        """End; responds with what became of each try, once those under way are over."""
        self._running.pop(body["id"]).end(respond)

"""The sampler: a thread that sleeps, measures how late it wakes, and so tells how long others wait for a CPU."""

import os
import threading
import time
from collections import deque
from dataclasses import dataclass

from svcproof.machine.counters import CounterFiles, Counters
from svcproof.model.machine import Machine

NAP = 0.05
WORTH_KEEPING = 0.02
"""Seconds of lateness that any machine may have."""
MOST_KEPT = 10_000


@dataclass(frozen=True, slots=True)
class Lateness:
    """A moment of the monotonic clock at which the thread woke, and the seconds by which that was late."""

    at: float
    seconds: float


class Sampler:
    """Samples this machine from when it is made until it is closed."""

    def __init__(self, files: CounterFiles | None = None) -> None:
        self._files = files or CounterFiles()
        self._kept: deque[Lateness] = deque(maxlen=MOST_KEPT)
        self._over = threading.Event()
        self._due = time.monotonic() + NAP
        self._thread = threading.Thread(target=self._nap, name="svcproof-sampler", daemon=True)
        self._thread.start()

    def read(self) -> Counters:
        """Read this machine's counters now."""
        return self._files.read()

    def since(self, before: Counters, proxy: float | None = None) -> Machine:
        """The machine from the moment of these counters on; `proxy` is the CPU time that the proxy used meanwhile."""
        after = self.read()
        naps = [nap for nap in tuple(self._kept) if nap.at > before.at]
        naps.append(Lateness(after.at, after.at - self._due))  # It should perhaps have woken by now.
        late = max(min(nap.seconds, nap.at - before.at) for nap in naps)
        return between(before, after, late=late, proxy=proxy)

    def close(self) -> None:
        """End the thread."""
        self._over.set()
        self._thread.join()

    def _nap(self) -> None:
        while not self._over.wait(max(0.0, self._due - time.monotonic())):
            now = time.monotonic()
            if now - self._due > WORTH_KEEPING:
                self._kept.append(Lateness(now, now - self._due))
            self._due = now + NAP


def between(before: Counters, after: Counters, *, late: float = 0.0, proxy: float | None = None) -> Machine:
    """The machine between two moments."""
    seconds = max(after.at - before.at, 1e-3)
    cpus = os.cpu_count() or 1
    return Machine(
        cpus=cpus,
        seconds=round(seconds, 3),
        late=round(max(late, 0.0), 3),
        pressure=_most(before.waits, after.waits, seconds),
        throttled=_most(before.throttled, after.throttled, seconds),
        steal=round(max(after.stolen - before.stolen, 0.0) / (seconds * cpus), 3),
        used=round((after.busy - before.busy) / seconds, 2),
        proxy=None if proxy is None else round(proxy / seconds, 2),
    )


def _most(before: tuple[float, ...], after: tuple[float, ...], seconds: float) -> float:
    """The largest share of the time by which one of several counters grew."""
    shares = ((now - then) / seconds for then, now in zip(before, after, strict=True))
    return round(min(max([0.0, *shares]), 1.0), 3)

"""The signals that end a command: Ctrl-C, `kill`, and a terminal that is closed."""

import math
import signal
import threading
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from types import FrameType
from typing import Any

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
SAME = 1.0
"""Seconds within which a second signal counts as the first: a terminal sends one, and so does a parent process."""


class Interrupt:
    """A signal handler that raises KeyboardInterrupt with the signal's name."""

    def __init__(self) -> None:
        self._raised = -math.inf

    def __call__(self, number: int, frame: FrameType | None) -> None:
        """Raise, unless it is the same interrupt again."""
        if time.monotonic() - self._raised > SAME:
            self._raised = time.monotonic()
            raise KeyboardInterrupt(signal.Signals(number).name)


def heed(*, even_if_ignored: Collection[signal.Signals] = ()) -> Mapping[signal.Signals, Any]:
    """Have these signals raise KeyboardInterrupt in the main thread; return their handlers until now.

    One that is ignored stays so: `nohup` ignores SIGHUP, and a shell SIGINT for what a script starts with `&`.
    """
    interrupt = Interrupt()
    before = {number: signal.getsignal(number) for number in ENDING}
    for number, handler in before.items():
        if handler is not signal.SIG_IGN or number in even_if_ignored:
            signal.signal(number, interrupt)
    return before


def restore(before: Mapping[signal.Signals, Any]) -> None:
    """Put back the handlers that `heed` returned."""
    for number, handler in before.items():
        signal.signal(number, handler)


@contextmanager
def deferred() -> Iterator[None]:
    """Let a short step finish that must not be torn in the middle: a signal that comes takes effect at its end.

    Signals raise in the main thread alone, so elsewhere this does nothing. Signals are not blocked, since what is
    started meanwhile would inherit that.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    pending: list[int] = []
    before = {number: signal.getsignal(number) for number in ENDING if callable(signal.getsignal(number))}
    try:
        for number in before:
            signal.signal(number, lambda number, frame: pending.append(number))
        yield
    finally:
        restore(before)
    if pending:
        signal.raise_signal(pending[0])

"""The signals that end a command: Ctrl-C, `kill`, and a terminal that is closed."""

import math
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import Any

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
SAME = 1.0
"""Seconds within which a second signal counts as the first: a terminal sends one, and so does a parent process."""
AGAIN = 0.02
"""Seconds until a signal is sent again whose exception went nowhere."""
Hook = Callable[["sys.UnraisableHookArgs"], object]


class Interrupt:
    """A signal handler that raises KeyboardInterrupt with the signal's name."""

    def __init__(self) -> None:
        self._raised = -math.inf

    def __call__(self, number: int, frame: FrameType | None) -> None:
        """Raise, unless it is the same interrupt again."""
        if time.monotonic() - self._raised > SAME:
            self._raised = time.monotonic()
            raise KeyboardInterrupt(signal.Signals(number).name)

    def unless_lost(self, before: Hook) -> Hook:
        """Make the hook for what Python would print and forget: an exception where an object goes, such as in __del__.

        An interrupt that came there is raised a moment later; all else goes to the hook of before.
        """

        def take(unraisable: "sys.UnraisableHookArgs") -> None:
            if not isinstance(unraisable.exc_value, KeyboardInterrupt):
                before(unraisable)
                return
            self._raised = -math.inf
            number = signal.Signals[str(unraisable.exc_value) or signal.SIGINT.name]
            threading.Timer(AGAIN, os.kill, (os.getpid(), number)).start()

        return take


@dataclass(frozen=True, slots=True)
class Before:
    """The handlers of these signals, and the hook for exceptions that go nowhere, as they were."""

    handlers: Mapping[signal.Signals, Any]
    hook: Hook


def heed(*, even_if_ignored: Collection[signal.Signals] = ()) -> Before:
    """Have these signals raise KeyboardInterrupt in the main thread; return what was there until now.

    One that is ignored stays so: `nohup` ignores SIGHUP, and a shell SIGINT for what a script starts with `&`.
    """
    interrupt = Interrupt()
    before = Before({number: signal.getsignal(number) for number in ENDING}, sys.unraisablehook)
    for number, handler in before.handlers.items():
        if handler is not signal.SIG_IGN or number in even_if_ignored:
            signal.signal(number, interrupt)
    sys.unraisablehook = interrupt.unless_lost(before.hook)
    return before


def restore(before: Before) -> None:
    """Put back what `heed` returned."""
    _handle(before.handlers)
    sys.unraisablehook = before.hook


def _handle(handlers: Mapping[signal.Signals, Any]) -> None:
    for number, handler in handlers.items():
        signal.signal(number, handler)


def hold_off() -> None:
    """Have these signals raise no more, since the end has begun: results are written, and what was made is removed."""
    for number in _handled():
        signal.signal(number, lambda number, frame: None)


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
    before = _handled()
    try:
        for number in before:
            signal.signal(number, lambda number, frame: pending.append(number))
        yield
    finally:
        _handle(before)
    if pending:
        signal.raise_signal(pending[0])


def _handled() -> Mapping[signal.Signals, Any]:
    """The handlers of these signals, without those that are ignored or simply end the process."""
    handlers = {number: signal.getsignal(number) for number in ENDING}
    return {number: handler for number, handler in handlers.items() if callable(handler)}

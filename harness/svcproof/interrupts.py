"""The signals that end a command: Ctrl-C, `kill`, and a terminal that is closed."""

import math
import os
import signal
import threading
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
SAME = 1.0
"""Seconds within which a second signal counts as the first: a terminal sends one, and so does a parent process."""
AGAIN = 0.02
"""Seconds until a signal is sent again that came where nothing can be raised."""
WEAK_REFERENCES = ("weakref.py", "_weakrefset.py")
"""The files of Python whose functions are called when an object goes."""


class Interrupt:
    """A signal handler that raises KeyboardInterrupt with the signal's name."""

    def __init__(self) -> None:
        self._raised = -math.inf

    def __call__(self, number: int, frame: FrameType | None) -> None:
        """Raise, unless it is the same interrupt again."""
        if is_lost_in(frame):
            threading.Timer(AGAIN, os.kill, (os.getpid(), number)).start()
        elif time.monotonic() - self._raised > SAME:
            self._raised = time.monotonic()
            raise KeyboardInterrupt(signal.Signals(number).name)


def is_lost_in(frame: FrameType | None) -> bool:
    """Tell whether Python would print and forget what is raised here: in what is called when an object goes."""
    while frame is not None:
        code = frame.f_code
        if code.co_name == "__del__" or Path(code.co_filename).name in WEAK_REFERENCES:
            return True
        frame = frame.f_back
    return False


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
        restore(before)
    if pending:
        signal.raise_signal(pending[0])


def _handled() -> Mapping[signal.Signals, Any]:
    """The handlers of these signals, without those that are ignored or simply end the process."""
    handlers = {number: signal.getsignal(number) for number in ENDING}
    return {number: handler for number, handler in handlers.items() if callable(handler)}

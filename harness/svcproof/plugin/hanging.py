"""A check that does not end in time: its place in the code, and its last probe; pytest-timeout would not say.

pytest-timeout decides which limit a check has, and when it is in force; `svcproof run` gives it the limit `check`.
"""

import linecache
import signal
import threading
import time
from collections.abc import Callable, Iterator
from os.path import relpath
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
import pytest_timeout

import svcproof
from svcproof.limits import Judged
from svcproof.model.event import PROBES
from svcproof.plugin.collection import BEHAVIOUR
from svcproof.plugin.finding import CheckHangs
from svcproof.plugin.recording import PAGE
from svcproof.report.story import sentence

BEFORE = pytest.StashKey[Any]()
"""The handler of the alarm before the check."""
HARNESS = Path(next(iter(svcproof.__path__)))


@pytest.hookimpl(optionalhook=True)
def pytest_timeout_set_timer(item: pytest.Item, settings: pytest_timeout.Settings) -> bool | None:
    """Set an alarm for a check; leave other tests, and threads, to pytest-timeout.

    It rings again where the check hangs also in what it does to end.
    """
    is_main = threading.current_thread() is threading.main_thread()
    if BEHAVIOUR not in item.stash or settings.method != "signal" or not is_main:
        return None
    item.stash[BEFORE] = signal.signal(signal.SIGALRM, _alarm(item, settings))
    signal.setitimer(signal.ITIMER_REAL, settings.timeout, settings.timeout)
    return True


@pytest.hookimpl(optionalhook=True)
def pytest_timeout_cancel_timer(item: pytest.Item) -> bool | None:
    """Take the alarm back."""
    if BEFORE not in item.stash:
        return None
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, item.stash[BEFORE])
    del item.stash[BEFORE]
    return True


def _alarm(item: pytest.Item, settings: pytest_timeout.Settings) -> Callable[[int, FrameType | None], None]:
    reasons: list[str] = []

    def ring(number: int, frame: FrameType | None) -> None:
        __tracebackhide__ = True
        if pytest_timeout.is_debugging() and not settings.disable_debugger_detection:
            return
        reasons.append(hanging(item, frame, settings.timeout))
        raise CheckHangs("\nit did not end then either:\n".join(reasons), pytrace=False)

    return ring


def hanging(item: pytest.Item, frame: FrameType | None, seconds: float) -> str:
    """The reason of a check that hangs in this frame."""
    is_limit = seconds == Judged.CHECK.seconds
    limit = f" (limit {Judged.CHECK.called}; on a slow machine: --patience {Judged.CHECK.called}=2)" if is_limit else ""
    stack = _stack(item, frame)
    place = f"; it hangs at {stack[-1]}" if stack else ""
    outer = ["called from:", *(f"  {line}" for line in reversed(stack[:-1]))] if stack[1:] else []
    return "\n".join([f"the check did not end within {seconds:g} s{limit}{place}", *outer, _last(item)])


def _stack(item: pytest.Item, frame: FrameType | None) -> list[str]:
    """The frames of suites and harness, from that of the check on, or of a fixture where the check has not begun."""
    frames = list(_outwards(frame))[::-1]
    first = next((place for place, frame in enumerate(frames) if _file(frame) == item.path), 0)
    return [_line(item, frame) for frame in frames[first:] if _is_ours(item, frame) and (first or not _wraps(frame))]


def _outwards(frame: FrameType | None) -> Iterator[FrameType]:
    while frame is not None:
        yield frame
        frame = frame.f_back


def _is_ours(item: pytest.Item, frame: FrameType) -> bool:
    is_installed = "site-packages" in _file(frame).parts
    return _file(frame).is_relative_to(HARNESS) or (
        _file(frame).is_relative_to(item.config.rootpath) and not is_installed
    )


def _wraps(frame: FrameType) -> bool:
    """True for a frame of the plugin, inside of which pytest makes a check."""
    return _file(frame).parent == HARNESS / "plugin"


def _file(frame: FrameType) -> Path:
    return Path(frame.f_code.co_filename)


def _line(item: pytest.Item, frame: FrameType) -> str:
    root = HARNESS.parent if _file(frame).is_relative_to(HARNESS) else item.config.rootpath
    source = linecache.getline(str(_file(frame)), frame.f_lineno).strip()
    return f"{relpath(_file(frame), root)}:{frame.f_lineno} in {frame.f_code.co_name}: {source}"


def _last(item: pytest.Item) -> str:
    page = item.stash[PAGE]
    event = next((event for event in reversed(page.events) if isinstance(event.what, PROBES)), None)
    if event is None:
        return "it had made no probe"
    return f"its last probe, {time.monotonic() - page.began - event.last:.1f} s before: {sentence(event.what)}"

"""The convergence time of the proxy under test: how long `eventually` waits unless it is given a limit."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from svcproof.errors import UsageError
from svcproof.limits import Judged

_DECLARED: ContextVar[float] = ContextVar("convergence")


@contextmanager
def converging(declared: float) -> Iterator[None]:
    """Let every `eventually` inside that is given no limit wait for these seconds, or more by the run's patience."""
    token = _DECLARED.set(declared)
    try:
        yield
    finally:
        _DECLARED.reset(token)


def convergence() -> float:
    """Return the seconds that the proxy under test has; raises UsageError outside of `converging`."""
    try:
        return Judged.CONVERGENCE.of(_DECLARED.get())
    except LookupError:
        raise UsageError("eventually() needs within=SECONDS: no proxy is under test that declares its own") from None

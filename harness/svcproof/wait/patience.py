"""How long the proxy under test may take: what `eventually` waits unless told otherwise."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from svcproof.errors import UsageError


@dataclass(frozen=True, slots=True)
class Patience:
    """`convergence`: seconds within which a change of the API must show in the data path."""

    convergence: float


_PATIENCE: ContextVar[Patience] = ContextVar("patience")


@contextmanager
def patience(allowed: Patience) -> Iterator[None]:
    """Let every `eventually` inside that names no time of its own wait this long."""
    token = _PATIENCE.set(allowed)
    try:
        yield
    finally:
        _PATIENCE.reset(token)


def convergence() -> float:
    """Return the seconds allowed here; raises UsageError outside of `patience`."""
    try:
        return _PATIENCE.get().convergence
    except LookupError:
        raise UsageError("eventually() needs within=SECONDS here: no proxy is under test that says how long") from None

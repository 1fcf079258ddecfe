"""Counting claims: a check that concluded nothing has confirmed nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar


class Claims:
    """How many claims concluded, in their favour or not."""

    def __init__(self) -> None:
        self.count = 0

    def add(self) -> None:
        """Count one more."""
        self.count += 1


_CLAIMS: ContextVar[Claims | None] = ContextVar("claims", default=None)


@contextmanager
def claims() -> Iterator[Claims]:
    """Count the claims concluded inside; asserts are counted by who runs the check."""
    counted = Claims()
    token = _CLAIMS.set(counted)
    try:
        yield counted
    finally:
        _CLAIMS.reset(token)


def concluded() -> None:
    """Count one claim, where somebody counts."""
    counter = _CLAIMS.get()
    if counter is not None:
        counter.add()


def counted() -> int:
    """Return how many claims were concluded since the innermost `claims` began."""
    counter = _CLAIMS.get()
    return counter.count if counter is not None else 0

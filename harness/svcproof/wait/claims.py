"""Counting claims: a check that concluded nothing has confirmed nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar


class Claims:
    """The number of claims that were concluded, confirmed or refuted."""

    def __init__(self) -> None:
        self.count = 0

    def add(self) -> None:
        """Count one more."""
        self.count += 1


_CLAIMS: ContextVar[Claims | None] = ContextVar("claims", default=None)


@contextmanager
def claims() -> Iterator[Claims]:
    """Count the claims concluded inside, and keep them from any count outside."""
    counter = Claims()
    token = _CLAIMS.set(counter)
    try:
        yield counter
    finally:
        _CLAIMS.reset(token)


def concluded() -> None:
    """Count one claim, if a counter is in force."""
    if counter := _CLAIMS.get():
        counter.add()


def counted() -> int:
    """Return how many claims were concluded since the innermost `claims` began."""
    counter = _CLAIMS.get()
    return counter.count if counter is not None else 0

"""The journal of the check in progress, to which each step that waits or controls is written."""

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Protocol

from svcproof.model.step import Settling, StepEnd, StepKind


class Journal(Protocol):
    """Takes down the steps of a check, one in another."""

    def begin(self, kind: StepKind, expected: str, limit: float | None = None) -> int:
        """Begin a step, with what is expected in words; return its number."""

    def end(self, number: int, end: StepEnd, settling: tuple[Settling, ...] = ()) -> None:
        """End the step of this number; times of `settling` are of the monotonic clock."""


class Refuted(Exception):
    """Base of errors that say that what a step expected did not show."""


_JOURNAL: ContextVar[Journal | None] = ContextVar("journal", default=None)


@contextmanager
def written_to(journal: Journal) -> Iterator[None]:
    """Write the steps inside to this journal."""
    token = _JOURNAL.set(journal)
    try:
        yield
    finally:
        _JOURNAL.reset(token)


@contextmanager
def step(kind: StepKind, expected: str, limit: float | None = None) -> Generator[list[Settling]]:
    """Write a step to the journal, if there is one; what is put into the list given is its settling."""
    settling: list[Settling] = []
    journal = _JOURNAL.get()
    if journal is None:
        yield settling
        return
    number, end = journal.begin(kind, expected, limit), StepEnd.BROKE
    try:
        yield settling
        end = StepEnd.HELD
    except (Refuted, AssertionError):
        end = StepEnd.REFUTED
        raise
    finally:
        journal.end(number, end, tuple(settling))

"""The check in progress: the count of its claims, and the convergence time of the proxy under test."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from svcproof.errors import UsageError
from svcproof.limits import Judged
from svcproof.model.chance import Chance


@dataclass(slots=True)
class ClaimCount:
    """The number of claims that were concluded, confirmed or refuted: a check that concluded none confirmed nothing.

    `chances` are those of the claims that a proxy which is right may refute by chance.
    """

    claims: int = 0
    chances: list[Chance] = field(default_factory=list)


_COUNT: ContextVar[ClaimCount | None] = ContextVar("claims", default=None)
_DECLARED: ContextVar[float] = ContextVar("convergence")


@contextmanager
def claims() -> Iterator[ClaimCount]:
    """Count the claims concluded inside, and keep them from any count outside."""
    count = ClaimCount()
    token = _COUNT.set(count)
    try:
        yield count
    finally:
        _COUNT.reset(token)


def concluded() -> None:
    """Count one claim, if a count is in force."""
    if count := _COUNT.get():
        count.claims += 1


def note_chance(chance: Chance) -> None:
    """Note the chance of a false alarm of one claim, if a count is in force."""
    if count := _COUNT.get():
        count.chances.append(chance)


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

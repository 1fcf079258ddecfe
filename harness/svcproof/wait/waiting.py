"""`eventually`, `consistently`, `provisioned` and `control`, and their errors, which tell what was seen."""

import time
from collections.abc import Callable, Iterator, Sized
from contextlib import contextmanager
from dataclasses import dataclass, is_dataclass
from typing import Generic, TypeVar

from svcproof.errors import ProvisionError
from svcproof.limits import Limit
from svcproof.model.step import Settling, StepKind
from svcproof.wait import chances
from svcproof.wait.context import claims, concluded, convergence
from svcproof.wait.journal import Refuted, step
from svcproof.wait.predicates import expectation
from svcproof.wait.settling import Tracks

Value = TypeVar("Value")
LINES, WIDTH = 12, 400
"""The message has so many looks of a long history, and so many characters of each but the last; `history` has all."""
Within = Limit | float
"""A limit, or a number of seconds, which is taken as it is, whatever the patience of the run."""
IN_A_ROW = 2
"""Looks in a row that must show what is claimed: a proxy that is right every other time does not pass by luck."""


@dataclass(frozen=True, slots=True)
class Look:
    """A value seen in `count` looks in a row, the first and last of them so many seconds after waiting began."""

    first: float
    last: float
    count: int
    value: object

    def __str__(self) -> str:
        span = f"{self.first:.2f} s" if self.count == 1 else f"{self.first:.2f}-{self.last:.2f} s, {self.count} looks"
        several = self.value if isinstance(self.value, (list, tuple)) else [self.value]
        value = "\n".join(map(str, several)) if several and all(map(is_dataclass, several)) else str(self.value)
        return f"at {span}: {value}".replace("\n", "\n      ")


class Expired(Refuted):
    """`eventually` or `consistently` did not see what was claimed: this speaks against the part that was looked at.

    `limit` names the limit that ran out, where it has a name.
    """

    def __init__(self, expected: str, seconds: float, history: tuple[Look, ...], limit: str = "") -> None:
        self.expected = expected
        self.seconds, self.history, self.limit = seconds, history, limit
        recent = history[:-1][-LINES:]
        omitted = len(history) - 1 - len(recent)
        named = f" (limit {limit})" if limit else ""
        lines = [f"expected: {expected}", f"looked for {seconds:.2f} s{named}; seen:"]
        if omitted > 0:
            lines.append(f"  ({omitted} earlier ones left out)")
        texts = map(str, recent)
        lines += [f"  {text if len(text) <= WIDTH else f'{text[:WIDTH]} ...'}" for text in texts]
        lines.append(f"  {history[-1]}")
        super().__init__("\n".join(lines))

    def with_last_alone(self) -> "Expired":
        """The same, told of the last look alone: for values that fill a page each."""
        return Expired(self.expected, self.seconds, self.history[-1:], self.limit)


class Inconclusive(Refuted):
    """The check's own control failed: nothing follows from the rest of it."""


def eventually(
    look: Callable[[], Value],
    until: Callable[[Value], bool],
    within: Within | None = None,
    every: float = 0.1,
    apart: float = 0.0,
) -> Value:
    """Look every `every` seconds until `until` holds of two looks in a row, and return the value of the last look.

    No two looks are closer than `apart` seconds, those in a row included: `apart=APART` for what ICMP errors show.
    Without `within`, the limit is the convergence time of the proxy under test. A look that began before the time was
    over never decides against the proxy: the last look begins when all of it has passed.
    Raises Expired if `until` does not hold in time; errors of `look` pass through.
    """
    watch = _Watch(look, convergence() if within is None else within)
    with step(StepKind.EVENTUALLY, expectation(until), watch.seconds) as settling:
        try:
            holds = watch.repeat(until, max(every, apart), IN_A_ROW, apart)
        finally:
            settling += watch.settlings()
        concluded()
        chances.note(until, watch.value, watch.room_for_looks(max(every, apart)))
        if not holds:
            raise watch.expired(expectation(until))
    return watch.value


def provisioned(
    what: str, look: Callable[[], Value], until: Callable[[Value], bool], within: Within, every: float = 0.05
) -> Value:
    """Look until `until` holds, for what a check builds on but does not claim; return the value of the last look.

    Raises ProvisionError if `until` does not hold in time, with the name of the limit.
    """
    watch = _Watch(look, within)
    with step(StepKind.ARRANGE, what, watch.seconds):
        if not watch.repeat(until, every):
            remedy = f"\non a slow machine: --patience {within.called}=2" if isinstance(within, Limit) else ""
            raise ProvisionError(f"waited for {what}\n{watch.expired(expectation(until))}{remedy}")
    return watch.value


def await_none(what: str, look: Callable[[], Sized], within: Within, every: float = 0.1) -> None:
    """Look until nothing is left of what a look returns; a look may remove, or put right, what it returns.

    Raises ProvisionError naming `what` if something is left in the end, with what it is.
    """
    provisioned(what, look, empty("nothing is left"), within, every)


def seconds_of(within: Within | None) -> float:
    """A limit in seconds; without one, the convergence time of the proxy under test."""
    if within is None:
        return convergence()
    return within.seconds if isinstance(within, Limit) else within


def empty(expected: str) -> Callable[[Sized], bool]:
    """Make a predicate of what a look returns: it is empty, which is `expected` in the words of a failure."""

    def is_empty(items: Sized) -> bool:
        return not len(items)

    is_empty.__doc__ = expected
    return is_empty


def consistently(
    look: Callable[[], Value], holds: Callable[[Value], bool], lasting: float = 1.0, every: float = 0.2
) -> Value:
    """Look every `every` seconds for `lasting` seconds, and return the value of the last look.

    The patience of a run does not make it shorter or longer. Raises Expired as soon as `holds` does not hold; errors
    of `look` pass through.
    """
    watch = _Watch(look, lasting)
    with step(StepKind.CONSISTENTLY, expectation(holds), lasting):
        broken = watch.repeat(lambda value: not holds(value), every)
        concluded()
        if broken:
            raise watch.expired("all the time: " + expectation(holds))
    return watch.value


@contextmanager
def control(why: str) -> Iterator[None]:
    """Make a failure inside the check's own control leave the check inconclusive; what holds inside shows nothing."""
    try:
        with step(StepKind.CONTROL, why), claims():
            yield
    except (Expired, AssertionError) as failure:
        raise Inconclusive(f"{why}\n{failure}") from failure


class _Watch(Generic[Value]):
    """Looks again and again, and remembers the values and when they changed."""

    value: Value

    def __init__(self, look: Callable[[], Value], within: Within) -> None:
        self._look = look
        self._limit, self.seconds = (within.called, within.seconds) if isinstance(within, Limit) else ("", within)
        self._tracks = Tracks()
        self._began = time.monotonic()
        self._looked = self._looking = 0.0
        self._run = 0
        self._history: list[Look] = []

    def repeat(self, until: Callable[[Value], bool], every: float, in_a_row: int = 1, apart: float = 0.0) -> bool:
        """Return True once `until` holds of so many looks in a row, False if not of one begun when the time is over."""
        # Imported here: it costs more than all else that an author of checks imports.
        from tenacity import Retrying, retry_if_result

        retrying = Retrying(
            retry=retry_if_result(lambda run: run < in_a_row),
            stop=lambda _: self._looked >= self.seconds and not self._run,
            wait=lambda _: apart if self._run else max(apart, min(every, self.seconds - self._passed())),
            sleep=time.sleep,
            retry_error_callback=lambda _: 0,
        )
        return bool(retrying(self._try, until))

    def _try(self, until: Callable[[Value], bool]) -> int:
        """Look once more; return of how many looks in a row `until` holds."""
        holds = until(self._see())
        self._tracks.add(self._began + self._looked, self.value, until, holds)
        self._run = self._run + 1 if holds else 0
        return self._run

    def settlings(self) -> tuple[Settling, ...]:
        """From which look on it held, from each vantage."""
        return self._tracks.settlings()

    def room_for_looks(self, every: float) -> int:
        """The number of looks that the limit has room for, if all are as long as those made, and a pause after each."""
        return 1 + int(self.seconds / (every + self._looking / sum(look.count for look in self._history)))

    def expired(self, expected: str) -> Expired:
        """The error to raise."""
        return Expired(expected, self._passed(), tuple(self._history), self._limit)

    def _passed(self) -> float:
        return time.monotonic() - self._began

    def _see(self) -> Value:
        self._looked = self._passed()
        self.value = self._look()
        self._looking += self._passed() - self._looked
        before = self._history[-1] if self._history else None
        if before is not None and str(before.value) == str(self.value):
            self._history[-1] = Look(before.first, self._looked, before.count + 1, self.value)
        else:
            self._history.append(Look(self._looked, self._looked, 1, self.value))
        return self.value

"""`eventually`, `consistently`, `provisioned` and `control`."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Generic, TypeVar

from svcproof.errors import ProvisionError
from svcproof.wait.claims import concluded
from svcproof.wait.expired import Expired, Inconclusive, Look
from svcproof.wait.patience import convergence

Value = TypeVar("Value")
IN_A_ROW = 2
"""Looks in a row that must show what is claimed: a proxy that is right every other time does not pass by luck."""


def eventually(
    look: Callable[[], Value],
    until: Callable[[Value], bool],
    within: float | None = None,
    every: float = 0.1,
    apart: float = 0.0,
) -> Value:
    """Look every `every` seconds until `until` holds twice in a row of what is seen, and return what was seen last.

    No two looks are closer than `apart` seconds, those in a row included: `apart=APART` for what ICMP errors show.
    `within` is in seconds; without it, it is the convergence time of the proxy under test. A look that began before
    the time was over never decides against the proxy: the last one begins when all of it has passed.
    Raises Expired; errors of `look` pass through.
    """
    watch = _Watch(look, convergence() if within is None else within)
    attained = watch.repeat(until, max(every, apart), IN_A_ROW, apart)
    concluded()
    if not attained:
        raise watch.expired(_said(until))
    return watch.value


def provisioned(
    what: str, look: Callable[[], Value], until: Callable[[Value], bool], within: float, every: float = 0.05
) -> Value:
    """Look until `until` holds, for what a check builds on but does not claim: raises ProvisionError."""
    watch = _Watch(look, within)
    if not watch.repeat(until, every):
        raise ProvisionError(f"waited for {what}\n{watch.expired(_said(until))}")
    return watch.value


def consistently(
    look: Callable[[], Value], holds: Callable[[Value], bool], lasting: float = 1.0, every: float = 0.2
) -> Value:
    """Look every `every` seconds for `lasting` seconds, and return what was seen last.

    Raises Expired as soon as `holds` does not; errors of `look` pass through.
    """
    watch = _Watch(look, lasting)
    broken = watch.repeat(lambda value: not holds(value), every)
    concluded()
    if broken:
        raise watch.expired("all the time: " + _said(holds))
    return watch.value


@contextmanager
def control(why: str) -> Iterator[None]:
    """Hold the check's own control: what fails inside makes the check inconclusive, not the proxy wrong."""
    try:
        yield
    except (Expired, AssertionError) as failure:
        raise Inconclusive(f"{why}\n{failure}") from failure


class _Watch(Generic[Value]):
    """Looks again and again, and remembers what changed and when."""

    value: Value

    def __init__(self, look: Callable[[], Value], seconds: float) -> None:
        self._look, self._seconds = look, seconds
        self._began = time.monotonic()
        self._looked = 0.0
        self._run = 0
        self._history: list[Look] = []

    def repeat(self, wanted: Callable[[Value], bool], every: float, in_a_row: int = 1, apart: float = 0.0) -> bool:
        """Look until `wanted` holds so often (True), or a look that began when the time was over shows it does not."""
        # Imported here: it costs more than all else that an author of checks imports.
        from tenacity import Retrying, retry_if_result

        retrying = Retrying(
            retry=retry_if_result(lambda run: run < in_a_row),
            stop=lambda _: self._looked >= self._seconds and not self._run,
            wait=lambda _: apart if self._run else max(apart, min(every, self._seconds - self._passed())),
            sleep=time.sleep,
            retry_error_callback=lambda _: 0,
        )
        return bool(retrying(self._try, wanted))

    def _try(self, wanted: Callable[[Value], bool]) -> int:
        """Look once more; returns how many looks in a row have shown what is wanted."""
        self._run = self._run + 1 if wanted(self._see()) else 0
        return self._run

    def expired(self, expected: str) -> Expired:
        """What to raise."""
        return Expired(expected, self._passed(), tuple(self._history))

    def _passed(self) -> float:
        return time.monotonic() - self._began

    def _see(self) -> Value:
        self._looked = self._passed()
        self.value = self._look()
        before = self._history[-1] if self._history else None
        if before is not None and str(before.value) == str(self.value):
            self._history[-1] = Look(before.first, self._looked, before.count + 1, self.value)
        else:
            self._history.append(Look(self._looked, self._looked, 1, self.value))
        return self.value


def _said(predicate: Callable[..., bool]) -> str:
    """What a predicate asks for, in its own words."""
    text = (predicate.__doc__ or "").strip().partition("\n")[0]
    name = getattr(predicate, "__name__", "<lambda>").strip("_").replace("_", " ")
    return text or ("what the caller waits for" if name == "<lambda>" else name)

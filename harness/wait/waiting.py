"""`eventually`, `consistently`, `provisioned` and `control`."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Generic, TypeVar

from harness.errors import ProvisionError
from harness.wait.claims import concluded
from harness.wait.expired import Expired, Inconclusive, Look
from harness.wait.patience import convergence

Value = TypeVar("Value")


def eventually(
    look: Callable[[], Value], until: Callable[[Value], bool], within: float | None = None, every: float = 0.1
) -> Value:
    """Look every `every` seconds until `until` holds of what is seen, and return that.

    `within` is in seconds; without it, it is the convergence time of the proxy under test. A look that began before
    the time was over never decides against the proxy: the last one begins when all of it has passed.
    Raises Expired; errors of `look` pass through.
    """
    watch = _Watch(look, convergence() if within is None else within)
    attained = watch.repeat(until, every)
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
        self._history: list[Look] = []

    def repeat(self, wanted: Callable[[Value], bool], every: float) -> bool:
        """Look until `wanted` holds (True) or a look that began when the time was over has shown it does not."""
        # Imported here: it costs more than all else that an author of checks imports.
        from tenacity import Retrying, retry_if_result

        retrying = Retrying(
            retry=retry_if_result(lambda found: not found),
            stop=lambda _: self._looked >= self._seconds,
            wait=lambda _: min(every, max(0.0, self._seconds - self._passed())),
            sleep=time.sleep,
            retry_error_callback=lambda _: False,
        )
        return bool(retrying(lambda: wanted(self._see())))

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

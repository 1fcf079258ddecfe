"""The notebook of the check in progress: its steps and events, on a page of their own for each phase."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from svcproof.model.event import PROBES, Change, Event, Happening, HarnessAction, Reading, Sweep, event_of
from svcproof.model.probe import Lookup, Observation
from svcproof.model.step import Settling, Step, StepEnd, StepKind
from svcproof.model.traffic import Traffic

Key = tuple[int, Happening]
Follower = Callable[[Change | HarnessAction, float], None]
"""A function that is told of each change, and when it began."""


@dataclass(slots=True)
class Page:
    """The steps and events of one phase of one check: while it was set up, called or torn down.

    `way` is the word that a MAY behaviour recorded; `probes` and `readings` count probes made, and objects read from
    the API or refused by it. Times are seconds since `began`, of the monotonic clock; `at` is the wall clock then.
    """

    began: float = field(default_factory=time.monotonic)
    at: str = field(default_factory=lambda: datetime.now(UTC).isoformat(timespec="milliseconds"))
    steps: list[Step] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    way: str = ""
    probes: int = 0
    readings: int = 0
    _open: list[int] = field(default_factory=list)
    """Numbers of the steps that have not ended, the innermost last."""
    _recent: dict[object, dict[Key, int]] = field(default_factory=dict)
    """For each vantage, the places in `events` of what it saw in its last look."""

    def step(self) -> int:
        """The number of the step under way; where none is, one begins in which the check arranges or looks."""
        return self._open[-1] if self._open else self.begin(StepKind.ARRANGE, "")

    def begin(self, kind: StepKind, expected: str, limit: float | None = None) -> int:
        """Begin a step; one that began by itself ends."""
        now = self._now()
        if self._open and not self.steps[self._open[-1]].expected:
            self.end(self._open[-1], StepEnd.HELD)
        inside = self._open[-1] if self._open else None
        self.steps.append(Step(kind=kind, expected=expected, began=now, ended=now, inside=inside, limit=limit))
        self._open.append(len(self.steps) - 1)
        return self._open[-1]

    def end(self, number: int, end: StepEnd, settling: tuple[Settling, ...] = ()) -> None:
        """End a step, and those inside it that were not ended."""
        for inner in self._open[self._open.index(number) :]:
            self.steps[inner] = replace(self.steps[inner], ended=self._now(), end=end)
        del self._open[self._open.index(number) :]
        self.steps[number] = replace(self.steps[number], settling=tuple(map(self._since_began, settling)))
        self._recent.clear()

    def close(self, end: StepEnd) -> None:
        """End what steps are open."""
        if self._open:
            self.end(self._open[0], end)

    def add(self, happenings: Sequence[Happening], began: float) -> None:
        """Add what one look from a vantage came to, or changes; it began at this time of the monotonic clock."""
        at, step = round(began - self.began, 4), self.step()
        if any(isinstance(what, Change | HarnessAction | Traffic) for what in happenings):
            self.events += [event_of(what, at, step) for what in happenings]
            self._recent.clear()
            return
        look: dict[Key, int] = {}
        for what in happenings:
            key = (step, _alike(what))
            if (place := look.get(key, self._recent.get(_of(what), {}).get(key))) is None:
                place = len(self.events)
                self.events.append(event_of(what, at, step))
            else:
                self.events[place] = _once_more(self.events[place], what, at)
            look[key] = place
        if happenings:
            self._recent[_of(happenings[0])] = look

    def _now(self) -> float:
        return round(time.monotonic() - self.began, 4)

    def _since_began(self, settling: Settling) -> Settling:
        def since(moment: float | None) -> float | None:
            return None if moment is None else round(moment - self.began, 4)

        return replace(
            settling,
            first_right=since(settling.first_right),
            last_wrong=since(settling.last_wrong),
            settled=since(settling.settled),
        )


class Notebook:
    """Takes steps and events down on the page of the phase under way; may be used by several threads.

    Vantages and API clients live longer than a check: they hold the notebook, and a fact holds a page of it.
    """

    __slots__ = ("_lock", "follower", "page")

    def __init__(self) -> None:
        self.page = Page()
        self.follower: Follower | None = None
        self._lock = threading.Lock()

    def turn(self) -> Page:
        """Begin a new page, and return it; nothing is added to the one before."""
        with self._lock:
            self.page.close(StepEnd.HELD)
            self.page = Page()
            return self.page

    def record(self, happenings: Sequence[Happening], began: float) -> None:
        """Add what one look from a vantage saw, or a change; it began at this time of the monotonic clock."""
        with self._lock:
            self.page.probes += sum(isinstance(what, PROBES) for what in happenings)
            self.page.readings += sum(isinstance(what, Reading) or _is_refused(what) for what in happenings)
            self.page.add(happenings, began)
        if self.follower:
            for what in happenings:
                if isinstance(what, Change | HarnessAction):
                    self.follower(what, began)

    def begin(self, kind: StepKind, expected: str, limit: float | None = None) -> int:
        """Begin a step."""
        with self._lock:
            return self.page.begin(kind, expected, limit)

    def end(self, number: int, end: StepEnd, settling: tuple[Settling, ...] = ()) -> None:
        """End a step."""
        with self._lock:
            self.page.end(number, end, settling)


def _is_refused(what: Happening) -> bool:
    return isinstance(what, Change) and bool(what.refused)


def _of(what: Happening) -> object:
    return getattr(what, "vantage", type(what))


def _alike(what: Happening) -> Happening:
    """The same for all that differ in nothing but the time they took and the client's own port."""
    match what:
        case Observation(answer=None):
            return replace(what, seconds=0.0)
        case Observation(answer=answer) if answer:
            return replace(what, seconds=0.0, answer=replace(answer, source_port=0))
        case Lookup():
            return replace(what, seconds=0.0)
        case Sweep():  # Some ask again where chance has it that not everybody has answered.
            return replace(what, probes=0)
    return what


def _once_more(event: Event, what: Happening, at: float) -> Event:
    slowest = max(event.slowest or _seconds(event.what), _seconds(what)) or None
    return replace(event, count=event.count + 1, until=max(at, event.last), slowest=slowest)


def _seconds(what: Happening) -> float:
    return what.seconds if isinstance(what, Observation | Lookup) else 0.0

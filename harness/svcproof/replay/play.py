"""Scenarios side by side on a stage: a change in each, then a look from everywhere, until all are as promised."""

import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field

from svcproof.limits import carried
from svcproof.model.probe import Observation
from svcproof.replay.expectations import unmet
from svcproof.replay.scene import Scene
from svcproof.replay.stage import Stage
from svcproof.sweep import Cell, Difference, Swept, growing_timeouts
from svcproof.sweep.compare import names_of

LATER = 0.05
"""Seconds between two looks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """The state of a scene after one change; without differences it is as promised."""

    after: int
    change: str
    differences: tuple[Difference, ...]
    unmet: tuple[str, ...]
    """Sentences for the scenario's own expectations that do not hold."""
    table: str
    look: Mapping[Cell, Sequence[Observation]]
    """The observations of each cell in the look that decided."""

    @property
    def cells(self) -> int:
        """The number of vantages at doors that were looked at."""
        return len(self.look)

    @property
    def vantages(self) -> int:
        """The number of vantages that looked."""
        return len({cell.client.name for cell in self.look})

    @property
    def holds(self) -> bool:
        """True if everything is as it should be."""
        return not self.differences and not self.unmet


@dataclass(slots=True)
class Pace:
    """The time that the proxy has needed so far; what differs quickly is given some more than that."""

    needed: deque[float] = field(default_factory=lambda: deque([0.2], maxlen=200))
    """Seconds in which the last changes have shown."""

    def note(self, seconds: float) -> None:
        """Note the time in which a change has shown."""
        self.needed.append(seconds)

    def enough(self, within: float) -> float:
        """Seconds after which what still differs will most likely do so for ever."""
        usual = sorted(self.needed)[int(0.95 * len(self.needed))]
        return min(within, 2 * usual + 0.5)


@dataclass(slots=True)
class Play:
    """Plays scenes together. A scene that differs, or is refused, is over."""

    stage: Stage
    pace: Pace = field(default_factory=Pace)

    def play(self, scenes: Sequence[Scene], within: float, whole: bool) -> Iterator[tuple[Scene, Judgement]]:
        """Yield what each scene comes to after each of its changes.

        With `whole`, what differs is given all the time there is; else what it has needed so far, and some more.
        """
        going = list(scenes)
        while going:
            self._together(Scene.advance, going)
            going = [scene for scene in going if not scene.refused]
            differing = set()
            for scene, judgement in self._judged(going, within if whole else self.pace.enough(within)):
                if not judgement.holds:
                    differing.add(id(scene))
                yield scene, judgement
            going = [scene for scene in going if not scene.is_over and id(scene) not in differing]

    def _judged(self, scenes: Sequence[Scene], within: float) -> Iterator[tuple[Scene, Judgement]]:
        began, waiting, timeouts = time.monotonic(), list(scenes), growing_timeouts()
        while waiting:
            looked = time.monotonic() - began
            is_last = looked >= within
            verdicts = looks(self.stage, waiting, next(timeouts), whole=is_last)
            for scene, judgement in zip(waiting, verdicts, strict=True):
                if judgement.holds:
                    self.pace.note(looked)
                if judgement.holds or is_last:
                    yield scene, judgement
            waiting = [scene for scene, judgement in zip(waiting, verdicts, strict=True) if not judgement.holds]
            if is_last:
                return
            time.sleep(LATER)

    @contextmanager
    def removed(self, scenes: Sequence[Scene]) -> Iterator[None]:
        """Have the scenes removed on leaving."""
        try:
            yield
        finally:
            self._together(Scene.remove, scenes)

    def _together(self, act: Callable[[Scene], None], scenes: Sequence[Scene]) -> None:
        with ThreadPoolExecutor(max(1, min(8, len(scenes)))) as pool:
            list(pool.map(carried(act), scenes))


def looks(stage: Stage, scenes: Sequence[Scene], timeout: float, whole: bool) -> list[Judgement]:
    """Look once, from everywhere at all doors of these scenes, and judge each by itself.

    Where something is not as promised, what may be silent is asked only with `whole`.
    """
    world = stage.reader.read()
    asked = [scene.cells(world, stage.sweeper) for scene in scenes]
    swept = stage.sweeper.look_at_each(asked, names_of(world), timeout, thorough=whole)
    return [
        _judgement(scene, scene.checked(world, stage.sweeper, each) if each.holds or whole else each)
        for scene, each in zip(scenes, swept, strict=True)
    ]


def _judgement(scene: Scene, swept: Swept) -> Judgement:
    return Judgement(
        after=scene.after,
        change=scene.change,
        differences=swept.differences,
        unmet=unmet(scene.scenario, scene.binding, scene.after, swept.look),
        table=str(swept),
        look=swept.look,
    )

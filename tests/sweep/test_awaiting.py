"""Waiting until all is as promised: looks that are quick until one finds nothing wrong, and one that is close."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle
from typing import Any

import pytest

from svcproof.model.probe import Observation, Seen, Target
from svcproof.promise.expectation import Aspect
from svcproof.promise.world import World
from svcproof.sweep import TRIES, Asker, Cell, Sweeper, await_promised, doors
from svcproof.wait import Expired
from tests.promise.scene import POD, web, world
from tests.sweep.seen import answered, refused

pytestmark = pytest.mark.timeout(20)
SCENE = world("a1 b1", services=[web(type="ClusterIP")])
See = Callable[[Cell, int, Iterator[int]], Observation]


@dataclass
class Vantage:
    """A vantage that sees in each cell what `see` says, by the number of the look."""

    cells: dict[Target, Cell]
    see: See
    looks: list[int]
    """The probes of each look, without those that may wait for nothing."""

    def probe_from(self, tries: Sequence[tuple[Target, int]], _timeout: float) -> Seen:
        """What it sees."""
        if not any(self.cells[target].may_be_silent for target, _ in tries):
            self.looks.append(len(tries))
        turn = iter(cycle(range(2)))
        return Seen(tuple(self.see(self.cells[target], len(self.looks), turn) for target, _ in tries))


class Reader:
    """Reads the world; counts how often."""

    times = 0

    def __call__(self) -> World:
        """The same world each time."""
        self.times += 1
        return SCENE


def rightly(cell: Cell, _look: int, turn: Iterator[int]) -> Observation:
    return answered(cell, sorted(cell.expected.may)[next(turn)]) if cell.expected.may else refused(cell)


def awaited(see: See, within: float = 5.0) -> tuple[Vantage, Reader]:
    client, reader, recorder = POD["a"], Reader(), _Recorder()
    own = {cell.target: cell for cell in Sweeper(askers=(_asker(client, None),)).cells(SCENE, doors_of(SCENE))}
    vantage = Vantage(own, see, [])
    sweeper = Sweeper(askers=(_asker(client, vantage),), also=(Aspect.SPREAD,))
    await_promised(sweeper, reader, doors_of, recorder, within)
    return vantage, reader


def doors_of(scene: World) -> Any:
    return doors(scene, *scene.services)


def _asker(client: Any, vantage: Any) -> Asker:
    return Asker(client, vantage)


class _Recorder:
    def record(self, happenings: object, began: float) -> None:
        """Keep nothing."""


def test_a_quick_look_that_finds_nothing_wrong_is_followed_by_a_close_one_at_the_same_world() -> None:
    vantage, reader = awaited(rightly)

    quick, close = vantage.looks[:2]
    assert close == TRIES * quick
    assert reader.times == 1


def test_looks_are_quick_and_read_the_world_anew_until_one_finds_nothing_wrong() -> None:
    vantage, reader = awaited(lambda cell, look, turn: refused(cell) if look < 3 else rightly(cell, look, turn))

    first, second, third, close = vantage.looks[:4]
    assert (first, second, third) == (close // TRIES,) * 3
    assert reader.times == 3


def test_a_backend_that_never_answers_is_found_by_the_close_look() -> None:
    def see(cell: Cell, _look: int, _turn: Iterator[int]) -> Observation:
        return answered(cell, sorted(cell.expected.may)[0]) if cell.expected.may else refused(cell)

    with pytest.raises(Expired, match="never, in"):
        awaited(see, within=0.5)

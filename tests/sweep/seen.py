"""What a proxy that is right lets each cell see, and what one that is wrong does: observations for tests of sweeps."""

from collections.abc import Callable, Iterable, Mapping
from itertools import cycle, islice

from svcproof.model.probe import Answer, Observation, Outcome
from svcproof.promise.expectation import Answered, Backend, Client
from svcproof.promise.world import World
from svcproof.sweep import Cell, cells, doors
from tests.promise.scene import CLIENTS, NAMES

Seen = tuple[Observation, ...]
TRIES = 6


def swept_cells(scene: World, clients: Iterable[Client] = tuple(CLIENTS.values())) -> tuple[Cell, ...]:
    """All cells of these clients at all doors of all Services."""
    return cells(scene, clients, doors(scene, *scene.services))


def rightly(cell: Cell) -> Seen:
    """What the rules promise: each backend in turn, or no answer."""
    if cell.expected.answered is Answered.NEVER:
        return tuple(refused(cell) for _ in range(TRIES))
    return tuple(
        answered(cell, backend)
        for backend in islice(cycle(sorted(cell.expected.should or cell.expected.may or ())), TRIES)
    )


def look(asked: Iterable[Cell], wrong: Callable[[Cell], Seen | None] = lambda _: None) -> Mapping[Cell, Seen]:
    """What each cell sees: what `wrong` says, or else what is right."""
    return {cell: wrong(cell) or rightly(cell) for cell in asked}


def refused(cell: Cell) -> Observation:
    """A probe that is refused."""
    return _observed(cell, Outcome.REFUSED, errno="ECONNREFUSED")


def dropped(cell: Cell) -> Observation:
    """A probe that nothing comes back for."""
    return _observed(cell, Outcome.DROPPED)


def answered(cell: Cell, backend: Backend, source: str = "") -> Observation:
    """A probe that this backend answers, which sees it come from there, or from where it may."""
    address, port = backend
    name = NAMES[address]
    allowed = sorted(cell.expected.sources or cell.client.addresses)[0].partition("/")[0]
    answer = Answer(
        pod=name,
        node=f"node-{name[0]}",
        namespace="shop",
        port=port,
        protocol=cell.target.protocol,
        source=source or allowed,
        source_port=40000,
    )
    return _observed(cell, Outcome.ANSWERED, answer=answer)


def _observed(cell: Cell, outcome: Outcome, answer: Answer | None = None, errno: str | None = None) -> Observation:
    return Observation(
        vantage=cell.client.name,
        node=cell.client.node,
        target=cell.target,
        outcome=outcome,
        seconds=0.001,
        answer=answer,
        errno=errno,
    )

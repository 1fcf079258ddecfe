"""Tables of expectations: a world, and a grid of text with a row for each client and a column for each target."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from svcproof.model.probe import Protocol, Target
from svcproof.promise.world import World
from tests.promise.scene import TARGETS, said

Shown = Callable[[World, str, str | Target], str]


@dataclass(frozen=True)
class Table:
    """What clients are told at targets in a world; a target is one of `scene`, or an address and port, and `/udp`."""

    title: str
    world: World
    grid: str
    shown: Shown = said

    def cells(self) -> Iterator[tuple[str, str, str]]:
        """Each client, target, and what is told there."""
        header, *rows = [line.split("|") for line in self.grid.strip().splitlines()]
        for row in rows:
            assert len(row) == len(header), row
            for target, told in zip(header[1:], row[1:], strict=True):
                yield row[0].strip(), target.strip(), told.strip()

    def wrong(self) -> list[str]:
        """The cells in which the model says something else."""
        told = (
            (client, target, text, self.shown(self.world, client, at(target))) for client, target, text in self.cells()
        )
        return [f"{client} at {target}: {is_} and not {text}" for client, target, text, is_ in told if is_ != text]


def at(name: str) -> Target:
    """The target that a column is headed by."""
    if name in TARGETS:
        return TARGETS[name]
    place, _, protocol = name.partition("/")
    address, _, port = place.rpartition(" ")
    address = TARGETS[address].address if address in TARGETS else address
    return Target(address, int(port), Protocol(protocol or "tcp"))


def grid(scene: World, clients: list[str], targets: list[str], shown: Shown = said) -> str:
    """The grid that the model would make: to be read by somebody before it goes into a table."""
    rows = [
        ["", *targets],
        *([client, *(shown(scene, client, at(target)) for target in targets)] for client in clients),
    ]
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    return "\n".join(
        " | ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )

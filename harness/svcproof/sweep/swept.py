"""The result of one look of a sweep, which shows itself as a table."""

from collections.abc import Mapping
from dataclasses import dataclass

from svcproof.model.probe import Observation, Seen
from svcproof.promise.world import World
from svcproof.sweep.cells import Cell
from svcproof.sweep.compare import Difference
from svcproof.sweep.doors import Door, doors
from svcproof.sweep.table import table


@dataclass(frozen=True, slots=True, kw_only=True)
class Swept:
    """The observations of one look in each cell; `differences` are those that were judged."""

    look: Mapping[Cell, tuple[Observation, ...]]
    differences: tuple[Difference, ...]
    complete: bool
    """False where cells that may be silent were not asked, since others differ already."""
    miss: float = 0.0
    """The probability that such a look misses a backend that it must reach, at a proxy that is right."""
    world: World | None = None
    """The world of which this was promised, where one was waited for."""

    @property
    def holds(self) -> bool:
        """True if every vantage sees at every door what the rules promise."""
        return self.complete and not self.differences

    @property
    def open_doors(self) -> tuple[Door, ...]:
        """The doors that were asked and that a Service has, in the world that was waited for."""
        has = doors(self.world, *self.world.services) if self.world else ()
        return tuple(door for door in dict.fromkeys(cell.door for cell in self.look) if door in has)

    @property
    def observations(self) -> tuple[Observation, ...]:
        """All of them."""
        return tuple(observation for seen in self.look.values() for observation in seen)

    @property
    def differing(self) -> Seen:
        """The observations in the cells that differ."""
        cells = dict.fromkeys(difference.cell for difference in self.differences)
        return Seen(tuple(observation for cell in cells for observation in self.look[cell]))

    def __str__(self) -> str:
        return table(self.look, self.differences)

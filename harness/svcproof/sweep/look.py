"""Asking: one batch per agent for all cells that must be answered, one more for those that may stay silent."""

from collections.abc import Collection, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace

from svcproof.agent.vantage import Unrecorded, Vantage
from svcproof.limits import Judged, carried
from svcproof.model.behaviour import Level
from svcproof.model.chance import combined, unreached
from svcproof.model.probe import Observation
from svcproof.model.vocabulary import Capability
from svcproof.promise.expectation import Aspect, Client, Rule, Where
from svcproof.promise.world import World
from svcproof.sweep.cells import Cell, cells
from svcproof.sweep.compare import Difference, Names, alike, differences, names_of, unreached_groups
from svcproof.sweep.doors import Door
from svcproof.sweep.swept import Swept

TRIES = 3
MORE = 30
"""Further tries from clients that are alike where one of their backends has not answered yet."""
QUIET = 0.5
"""Seconds that a probe waits where nobody need answer."""
Seen = dict[Cell, tuple[Observation, ...]]


@dataclass(frozen=True, slots=True)
class Asker:
    """A vantage of a sweep: who it is to the rules, and its agent."""

    client: Client
    vantage: Vantage = field(repr=False)

    @classmethod
    def of(cls, vantage: Vantage, where: Where) -> "Asker":
        """The asker that a vantage is."""
        client = Client(name=vantage.name, where=where, node=vantage.node, addresses=vantage.addresses)
        return cls(client, replace(vantage, recorder=Unrecorded()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweeper:
    """Looks from all vantages at all doors.

    Differences are breaches of rules of this `level`, and of aspects in `also` whose rule is a MUST or a SHOULD.
    """

    askers: tuple[Asker, ...]
    lacking: Collection[Capability] = ()
    level: Level = Level.MUST
    also: Collection[Aspect] = ()
    tries: int = TRIES

    def look(
        self, world: World, doors: Iterable[Door], timeout: float = Judged.PROBE.usual, thorough: bool = False
    ) -> Swept:
        """Ask once, `tries` times per cell; raises ProbeError where an agent cannot be reached.

        What may be silent is asked only where all others are as promised, or where the look is `thorough`.
        """
        return self.look_at(self.cells(world, doors), names_of(world), timeout, thorough)

    def cells(self, world: World, doors: Iterable[Door]) -> tuple[Cell, ...]:
        """The cells of these doors that can be asked, with what the rules promise in this world."""
        return cells(world, [asker.client for asker in self.askers], doors, self.lacking)

    def look_at(
        self, asked: Sequence[Cell], names: Names, timeout: float = Judged.PROBE.usual, thorough: bool = False
    ) -> Swept:
        """Look at these cells, which may be of several worlds that have no door in common."""
        seen = self._ask([cell for cell in asked if not cell.may_be_silent], self.tries, timeout)
        miss = combined(
            unreached(len(group[0].expected.must), MORE + self.tries * len(group))
            for group in filter(self._minds_spread, alike(seen))
        )
        if groups := tuple(filter(self._minds_spread, unreached_groups(seen, names))):
            times = max(-(-MORE // len(group)) for group in groups)
            further = self._ask([cell for group in groups for cell in group], times, timeout)
            seen.update({cell: seen[cell] + more for cell, more in further.items()})
        found = self._judged(seen, names)
        silent = [cell for cell in asked if cell.may_be_silent]
        if silent and (thorough or not found):
            seen.update(self._ask(silent, self.tries, QUIET))
            found = self._judged(seen, names)
            silent = []
        return Swept(look=seen, differences=found, complete=not silent, miss=miss)

    def _minds_spread(self, group: Sequence[Cell]) -> bool:
        rule = group[0].expected.rules.get(Aspect.SPREAD)
        return rule is not None and self._judges(rule, Aspect.SPREAD)

    def _judges(self, rule: Rule, aspect: Aspect) -> bool:
        return rule.level is self.level or (aspect in self.also and rule.level is not Level.MAY)

    def _judged(self, seen: Seen, names: Names) -> tuple[Difference, ...]:
        return tuple(each for each in differences(seen, names) if self._judges(each.rule, each.aspect))

    def _ask(self, asked: Sequence[Cell], times: int, timeout: float) -> Seen:
        """Ask in these cells, each vantage all of its own at once."""
        by_vantage: dict[str, list[Cell]] = {}
        for cell in asked:
            by_vantage.setdefault(cell.client.name, []).append(cell)
        agents = {asker.client.name: asker.vantage for asker in self.askers}

        def ask(name: str) -> Seen:
            own = by_vantage[name]
            probed = tuple(agents[name].probe([cell.target for cell in own], times, timeout))
            return {cell: probed[times * index : times * (index + 1)] for index, cell in enumerate(own)}

        with ThreadPoolExecutor(max(1, len(by_vantage))) as pool:
            return {cell: seen for part in pool.map(carried(ask), by_vantage) for cell, seen in part.items()}

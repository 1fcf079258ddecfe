"""Asking: one batch per agent for all cells that must be answered, one more for those that may stay silent."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from itertools import islice

from svcproof.agent.vantage import Unrecorded, Vantage
from svcproof.limits import Judged, carried
from svcproof.model.behaviour import Level
from svcproof.model.chance import combined, unreached
from svcproof.model.probe import Observation
from svcproof.model.vocabulary import Capability
from svcproof.promise.expectation import Aspect, Client, Rule, Where
from svcproof.promise.world import World
from svcproof.sweep.cells import Cell, cells, from_kept_ports
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
    minds_spread: bool = True
    """False where a look does not try until each backend that must answer somebody has."""

    @property
    def quick(self) -> "Sweeper":
        """The same with one try a cell: its looks tell whether it is time to look closely."""
        return replace(self, tries=1, minds_spread=False)

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

    def from_kept_ports(self, world: World, ports: Mapping[Door, int]) -> tuple[Cell, ...]:
        """The cells of UDP doors that are asked from the same port in each look."""
        return from_kept_ports(world, [asker.client for asker in self.askers], ports, self.lacking)

    def look_at(
        self, asked: Sequence[Cell], names: Names, timeout: float = Judged.PROBE.usual, thorough: bool = False
    ) -> Swept:
        """Look at these cells of one world."""
        (swept,) = self.look_at_each([asked], names, timeout, thorough)
        return swept

    def look_at_each(
        self,
        worlds: Sequence[Sequence[Cell]],
        names: Names,
        timeout: float = Judged.PROBE.usual,
        thorough: bool = False,
    ) -> list[Swept]:
        """Look at the cells of several worlds that have no door in common, each judged by itself."""
        seen = self._ask([cell for world in worlds for cell in world if not cell.may_be_silent], self.tries, timeout)
        loud = [{cell: seen[cell] for cell in world if cell in seen} for world in worlds]
        misses = [self._miss(look) for look in loud]
        more = self._ask_further([group for look in loud for group in unreached_groups(look, names)], timeout)
        loud = [{cell: (*kept, *more.get(cell, ())) for cell, kept in look.items()} for look in loud]
        found = [self._judged(look, names) for look in loud]
        silent = [
            [cell for cell in world if cell.may_be_silent] if thorough or not differing else []
            for world, differing in zip(worlds, found, strict=True)
        ]
        quiet = self._ask([cell for own in silent for cell in own], self.tries, QUIET)
        looks = [look | {cell: quiet[cell] for cell in own} for look, own in zip(loud, silent, strict=True)]
        return [
            Swept(
                look=look,
                differences=self._judged(look, names) if own else differing,
                complete=all(cell in look for cell in world),
                miss=miss,
            )
            for world, look, own, differing, miss in zip(worlds, looks, silent, found, misses, strict=True)
        ]

    def _ask_further(self, groups: Sequence[Sequence[Cell]], timeout: float) -> Seen:
        """Ask more often from clients that are alike and of whose backends one has not answered yet."""
        minding = list(filter(self._minds_spread, groups))
        times = max((-(-MORE // len(group)) for group in minding), default=0)
        return self._ask([cell for group in minding for cell in group], times, timeout) if minding else {}

    def _miss(self, look: Seen) -> float:
        """The probability that a look misses a backend that it must reach."""
        return combined(
            unreached(len(group[0].expected.must), MORE + self.tries * len(group))
            for group in filter(self._minds_spread, alike(look))
        )

    def _minds_spread(self, group: Sequence[Cell]) -> bool:
        rule = group[0].expected.rules.get(Aspect.SPREAD)
        return rule is not None and self._judges(rule, Aspect.SPREAD)

    def _judges(self, rule: Rule, aspect: Aspect) -> bool:
        if aspect is Aspect.SPREAD and not self.minds_spread:
            return False
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
            own = [(cell, 1 if cell.source_port else times) for cell in by_vantage[name]]
            tries = [(cell.target, cell.source_port) for cell, number in own for _ in range(number)]
            probed = iter(agents[name].probe_from(tries, timeout))
            return {cell: tuple(islice(probed, number)) for cell, number in own}

        with ThreadPoolExecutor(max(1, len(by_vantage))) as pool:
            return {cell: seen for part in pool.map(carried(ask), by_vantage) for cell, seen in part.items()}

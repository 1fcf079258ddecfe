"""Asking at Services from everywhere, until all is as promised."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from itertools import chain

from svcproof.agent.vantage import Recorder, Vantage
from svcproof.everywhere.world import WorldReader
from svcproof.kubernetes.api import Kube
from svcproof.kubernetes.sample.service import ServiceHandle
from svcproof.model.behaviour import Level
from svcproof.model.probe import Target
from svcproof.model.vocabulary import Capability
from svcproof.promise.doors import Kind
from svcproof.promise.expectation import Aspect, Where
from svcproof.promise.world import Claims, World
from svcproof.sweep import TRIES, Asker, Door, Sweeper, Swept, await_promised, doors
from svcproof.wait import Expired, Within, control, eventually
from svcproof.wait.predicates import announced

What = ServiceHandle | Door | Target


@dataclass(frozen=True, slots=True, kw_only=True)
class Everywhere:
    """Asks at Services from everywhere, until all is as the rules promise.

    `everyone` are the vantages that always ask, by the kind of their place, and `backends` pods that do where they are
    endpoints of what is asked.
    """

    kube: Kube = field(repr=False)
    home: str
    """The namespace that is read in any case, besides those of what is asked."""
    claims: Claims
    everyone: Mapping[Where, tuple[Vantage, ...]]
    backends: Callable[[], Iterable[Vantage]]
    recorder: Recorder = field(repr=False)
    lacking: Collection[Capability] = ()

    def __call__(
        self,
        *what: What,
        level: Level = Level.MUST,
        also: Collection[Aspect] = (),
        within: Within | None = None,
        tries: int = TRIES,
        kind: Kind | None = None,
    ) -> Swept:
        """Sweep all doors of Services, and these doors and targets, until all is as promised of two looks in a row.

        Judged are aspects whose rule is of this level, and those in `also`. Services are read anew before each look;
        with `kind` only their doors of that kind are asked. Raises Expired, whose words end with the table of what
        differs.
        """
        reader = self._reader(what)
        world = reader.read()
        worlds = chain([world], iter(reader.read, None))
        askers = self.askers(world, what)
        sweeper = Sweeper(askers=askers, lacking=self.lacking, level=level, also=also, tries=tries)
        try:
            return await_promised(
                sweeper, lambda: next(worlds), lambda now: _doors_of(now, what, kind), self.recorder, within
            )
        except Expired as expired:
            self._refuse_unannounced(expired)
            raise

    def doors(self, *services: ServiceHandle) -> tuple[Door, ...]:
        """The doors that Services have now: to ask there again when they no longer have them."""
        return _doors_of(self._reader(services).read(), services)

    def askers(self, world: World, what: Iterable[What]) -> tuple[Asker, ...]:
        """All vantages: those that always ask, and the endpoints of the Services, unless they are being deleted."""
        always = [Asker.of(vantage, where) for where, several in self.everyone.items() for vantage in several]
        named = {one.namespace + "/" + one.name for one in what if isinstance(one, ServiceHandle)}
        named |= {one.service for one in what if isinstance(one, Door)}
        endpoints = {
            address
            for piece in world.slices
            if f"{piece.namespace}/{piece.service}" in named
            for endpoint in piece.endpoints
            if not endpoint.terminating
            for address in endpoint.addresses
        }
        alive = {listener.name for listener in world.listeners if listener.address in endpoints}
        of_nodes = {address for node in world.nodes for address in node.addresses}
        own = (vantage for vantage in self.backends() if vantage.name in alive)
        return (*always, *(Asker.of(vantage, _place(vantage, of_nodes)) for vantage in own))

    def _reader(self, what: Iterable[What]) -> WorldReader:
        return WorldReader(self.kube, tuple(dict.fromkeys((self.home, *namespaces(what)))), self.claims)

    def _refuse_unannounced(self, expired: Expired) -> None:
        """Raise Inconclusive where clients outside do not find a load balancer's address: no proxy announces it."""
        swept = expired.history[-1].value
        cells = {difference.cell for difference in swept.differences} if isinstance(swept, Swept) else ()
        lost = {
            (cell.client.name, cell.target.address)
            for cell in cells
            if cell.door.kind is Kind.LOAD_BALANCER and not cell.may_be_silent
        }
        for vantage in self.everyone.get(Where.OUTSIDE, ()):
            for address in sorted(address for name, address in lost if name == vantage.name):
                with control("the address is announced"):
                    eventually(partial(vantage.neighbour, address), announced)


def _place(vantage: Vantage, of_nodes: Collection[str]) -> Where:
    """The place of a pod: the network of its node where it has an address of that, else one of its own."""
    return Where.HOST if any(address in of_nodes for address in vantage.addresses) else Where.POD


def namespaces(what: Iterable[What]) -> tuple[str, ...]:
    """The namespaces of Services and doors, each once."""
    named = (one.namespace if isinstance(one, ServiceHandle) else getattr(one, "service", "") for one in what)
    return tuple(dict.fromkeys(name.partition("/")[0] for name in named if name))


def _doors_of(world: World, what: Iterable[What], kind: Kind | None = None) -> tuple[Door, ...]:
    """The doors, each once, that Services have in a world, of one kind or of all, and those named themselves."""
    return tuple(dict.fromkeys(door for one in what for door in _doors(world, one, kind)))


def _doors(world: World, one: What, kind: Kind | None) -> Iterator[Door]:
    match one:
        case Door():
            yield one
        case Target():
            yield Door(target=one)
        case _:
            own = (each for each in world.services if each.key == f"{one.namespace}/{one.name}")
            yield from (door for door in doors(world, *own) if kind in (None, door.kind))

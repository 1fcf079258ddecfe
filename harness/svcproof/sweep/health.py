"""Health checks of Services, which each node answers at a healthCheckNodePort: asked, and held against the rules."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from svcproof.model.probe import Protocol, Target
from svcproof.promise.doors import Kind
from svcproof.promise.expectation import Answered, Aspect, Expectation, Where
from svcproof.promise.health import Health, health, health_check_port_is_of_policy_local
from svcproof.promise.world import Service, World
from svcproof.sweep.cells import Cell, can_ask
from svcproof.sweep.compare import Difference
from svcproof.sweep.doors import Door
from svcproof.sweep.look import Asker, Sweeper
from svcproof.sweep.swept import Swept


@dataclass(frozen=True, slots=True)
class Check:
    """One node asked about the health of a Service, and what it may say."""

    cell: Cell
    promised: Health


def health_doors(*services: Service, world: World) -> tuple[Door, ...]:
    """The health check port of each of these Services that has one, at the first address of each node."""
    return tuple(
        Door(
            target=Target(node.addresses[0], service.health_check_node_port, Protocol.HTTP),
            kind=Kind.HEALTH_CHECK,
            service=service.key,
            node=node.name,
        )
        for service in services
        for node in world.nodes
        if service.health_check_node_port and node.addresses
    )


def with_health(sweeper: Sweeper, swept: Swept, world: World, doors: Iterable[Door]) -> Swept:
    """Return a look with these health checks besides; raises ProbeError where the agent cannot be reached.

    One vantage asks, outside the cluster where there is one, as load balancers are.
    """
    asker = _asker(sweeper)
    checks = tuple(_checks(sweeper, asker, world, doors))
    told = [asker.vantage.http_status(check.cell.target.address, check.cell.target.port) for check in checks]
    return replace(
        swept,
        look={**swept.look, **{check.cell: () for check in checks}},
        differences=(*swept.differences, *health_differences(checks, told)),
    )


def health_differences(checks: Sequence[Check], told: Sequence[int]) -> tuple[Difference, ...]:
    """The differences between statuses, 0 where nobody answered, and what is promised."""
    return tuple(
        Difference(
            cell=check.cell,
            aspect=Aspect.HEALTH,
            rule=check.promised.rule,
            expected=_in_words(check.promised.statuses or {0}),
            seen=_in_words({status}),
        )
        for check, status in zip(checks, told, strict=True)
        if status not in (check.promised.statuses or {0})
    )


def promised_health(world: World, door: Door) -> Health:
    """Return what a node may say at this health check port, which may be no longer a Service's."""
    (node,) = (node for node in world.nodes if node.name == door.node)
    number = door.target.port
    checked = [service for service in world.services if service.health_check_node_port == number]
    if checked:
        return health(world, node, checked[0])
    is_node_port = any(port.node_port == number for service in world.services for port in service.ports)
    statuses = None if is_node_port else frozenset[int]()
    return Health(statuses=statuses, endpoints=None, rule=health_check_port_is_of_policy_local.rule)


def _checks(sweeper: Sweeper, asker: Asker, world: World, doors: Iterable[Door]) -> Iterator[Check]:
    names = {node.name for node in world.nodes}
    for door in doors:
        if door.node in names and can_ask(asker.client, door, sweeper.lacking):
            promised = promised_health(world, door)
            if promised.statuses is not None:
                open_to_all = Expectation(answered=Answered.OPEN, may=None)
                yield Check(Cell(client=asker.client, door=door, expected=open_to_all), promised)


def _asker(sweeper: Sweeper) -> Asker:
    """The first vantage outside of the cluster; the first of all where none is."""
    outside = (asker for asker in sweeper.askers if asker.client.where is Where.OUTSIDE)
    return next(outside, sweeper.askers[0])


def _in_words(statuses: Iterable[int]) -> str:
    return " or ".join(f"it says {status}" if status else "nobody answers" for status in sorted(statuses))

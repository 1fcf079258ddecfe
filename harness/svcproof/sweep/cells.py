"""Cells of a sweep: each vantage at each door that it can ask, with what the rules promise there."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from svcproof.model.probe import Target
from svcproof.model.vocabulary import Capability
from svcproof.promise.doors import Kind
from svcproof.promise.expect import expect
from svcproof.promise.expectation import Answered, Client, Expectation, Where
from svcproof.promise.kept_ports import expect_from_kept_port
from svcproof.promise.world import World
from svcproof.sweep.doors import Door, family_of

NEEDS = {
    Kind.CLUSTER_IP: {Capability.SERVICE_ROUTE},
    Kind.NODE_PORT: {Capability.OUTSIDE_CLIENT},
    Kind.LOAD_BALANCER: {Capability.LOAD_BALANCER},
    Kind.EXTERNAL_IP: {Capability.EXTERNAL_ADDRESSES},
    Kind.HEALTH_CHECK: {Capability.OUTSIDE_CLIENT},
    None: {Capability.OUTSIDE_CLIENT},
}
"""Capabilities without which clients outside have no way to a door."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One client at one door, and what it may see there."""

    client: Client
    door: Door
    expected: Expectation = field(compare=False)
    source_port: int = 0
    """The UDP port that the client sends from in each look; 0: a new one for each try."""

    @property
    def target(self) -> Target:
        """The target of the door."""
        return self.door.target

    @property
    def may_be_silent(self) -> bool:
        """True unless one of our own must answer: a probe may have to wait for nothing."""
        return self.expected.answered is not Answered.ALWAYS

    @property
    def place(self) -> tuple[Door, str]:
        """The same for all cells whose clients are alike: those on one node, or outside, at one door."""
        return self.door, self.client.node


def cells(
    world: World, clients: Iterable[Client], at: Iterable[Door], lacking: Collection[Capability] = ()
) -> tuple[Cell, ...]:
    """All cells of these clients and doors that the cluster allows to be asked, and that something is promised of."""
    asked = tuple(at)
    made = (
        Cell(client=client, door=door, expected=expect(world, client, door.target))
        for client in clients
        for door in asked
        if can_ask(client, door, lacking)
    )
    return tuple(cell for cell in made if cell.expected.answered is not Answered.OPEN or cell.expected.may is not None)


def from_kept_ports(
    world: World, clients: Iterable[Client], ports: Mapping[Door, int], lacking: Collection[Capability] = ()
) -> tuple[Cell, ...]:
    """Cells of clients that send to UDP doors from the same port in each look, by the door.

    Processes in the network of a node do not: somebody else may have the port there.
    """
    return tuple(
        Cell(
            client=client,
            door=door,
            expected=expect_from_kept_port(world, client, door.target),
            source_port=port,
        )
        for client in clients
        for door, port in ports.items()
        if client.where is not Where.HOST and can_ask(client, door, lacking)
    )


def can_ask(client: Client, door: Door, lacking: Collection[Capability] = ()) -> bool:
    """True if the client has an address of the door's family, and, outside the cluster, a way to its address."""
    if family_of(door.target.address) not in {family_of(address) for address in client.addresses}:
        return False
    return client.where is not Where.OUTSIDE or not NEEDS[door.kind] & set(lacking)

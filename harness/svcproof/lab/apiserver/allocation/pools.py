"""The pools of addresses and node ports: the numbers in range, those in use, and those that one write claims."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from ipaddress import ip_address
from itertools import chain
from random import Random

from svcproof.addresses import Range
from svcproof.lab.layout import Layout


class TakenError(Exception):
    """The requested number is in use or out of range; the message is the API server's."""


@dataclass(slots=True)
class Addresses:
    """The addresses of one Service range, by their distance from its start."""

    range: Range
    taken: set[int] = field(default_factory=set)
    random: Random = field(default_factory=Random)

    @property
    def last(self) -> int:
        """The last offset that may be taken: not the broadcast address."""
        return self.range.num_addresses - (2 if self.range.version == 4 else 1)

    def take(self, address: str) -> None:
        """Take one address; raises TakenError."""
        offset = self._offset(address)
        if not 0 < offset <= self.last:
            raise TakenError("the provided network does not match the current range")
        if offset in self.taken:
            raise TakenError("provided IP is already allocated")
        self.taken.add(offset)

    def take_any(self) -> str:
        """Take an address of the upper band, or of the lower one if the upper is used up; raises TakenError."""
        size = min(self.range.num_addresses, 1 << 16)
        last = min(self.last, size)
        band = min(max(16, size // 16), 256) if size > 16 else 0
        bands = (range(band + 1, last + 1), range(1, band + 1))
        return str(self.range.network_address + _take_any(bands, self.taken, self.random))

    def release(self, address: str) -> None:
        """Give an address back."""
        self.taken.discard(self._offset(address))

    def _offset(self, address: str) -> int:
        return int(ip_address(address)) - int(self.range.network_address)


@dataclass(slots=True)
class NodePorts:
    """The node ports; one number serves all protocols of its Service."""

    valid: range
    taken: set[int] = field(default_factory=set)
    random: Random = field(default_factory=Random)

    def take(self, port: int) -> None:
        """Take one port; raises TakenError."""
        if port not in self.valid:
            raise TakenError(
                f"provided port is not in the valid range. "
                f"The range of valid ports is {self.valid.start}-{self.valid.stop - 1}"
            )
        if port in self.taken:
            raise TakenError("provided port is already allocated")
        self.taken.add(port)

    def take_any(self, of: range) -> int:
        """Take a port of the upper band, or of the lower one if the upper is used up; raises TakenError."""
        size = len(of)
        band = min(max(16, size // 32), 128) if size > 16 else 0
        return _take_any((of[band:], of[:band]), self.taken, self.random)

    def release(self, port: int) -> None:
        """Give a port back."""
        self.taken.discard(port)


def _take_any(bands: Iterable[range], taken: set[int], random: Random) -> int:
    """Take a free number of the first band that has one, from a random place on; raises TakenError."""
    for band in bands:
        offset = random.randrange(len(band)) if band else 0
        for number in chain(band[offset:], band[:offset]):
            if number not in taken:
                taken.add(number)
                return number
    raise TakenError("range is full")


TakePort = Callable[[NodePorts, int], int]


def take_port(ports: NodePorts, port: int) -> int:
    """Take `port`, or any node port if it is 0; raises TakenError."""
    if not port:
        return ports.take_any(ports.valid)
    ports.take(port)
    return port


@dataclass(frozen=True, slots=True)
class Pools:
    """The addresses and node ports for Services; families in the order of the declaration."""

    addresses: tuple[Addresses, ...]
    ports: NodePorts
    take_port: TakePort = take_port

    def of_family(self, family: str) -> Addresses | None:
        """The range of "IPv4" or "IPv6", None if the cluster has no such range."""
        return next((pool for pool in self.addresses if f"IPv{pool.range.version}" == family), None)

    @property
    def families(self) -> tuple[str, ...]:
        """The families as in ipFamilies, the primary one first."""
        return tuple(f"IPv{pool.range.version}" for pool in self.addresses)


def pools(layout: Layout, take_port: TakePort = take_port) -> Pools:
    """Return the pools of a lab, with nothing taken."""
    return Pools(tuple(map(Addresses, layout.service_ranges)), NodePorts(layout.node_ports), take_port)


@dataclass(slots=True)
class Claim:
    """The numbers that one write takes and gives back: all of them, or none if the write is refused.

    It takes them at once, so that later takers see it, and puts releases off until the write has succeeded.
    """

    pools: Pools
    _undo: list[Callable[[], None]] = field(default_factory=list)
    _later: list[Callable[[], None]] = field(default_factory=list)

    def address(self, family: str, requested: str = "") -> str:
        """Take `requested`, or any address of the family; raises TakenError."""
        pool = self.pools.of_family(family)
        if pool is None:
            raise TakenError(f"{family} is not configured on this cluster")
        if requested:
            pool.take(requested)
        address = requested or pool.take_any()
        self._undo.append(lambda: pool.release(address))
        return address

    def port(self, number: int = 0) -> int:
        """Take `number`, or any node port; raises TakenError."""
        ports = self.pools.ports
        port = self.pools.take_port(ports, number)
        self._undo.append(lambda: ports.release(port))
        return port

    def release_address(self, address: str) -> None:
        """Give an address back once the write has succeeded."""
        pool = self.pools.of_family("IPv6" if ":" in address else "IPv4")
        if pool is not None:
            self._later.append(lambda: pool.release(address))

    def release_port(self, port: int) -> None:
        """Give a node port back once the write has succeeded."""
        self._later.append(lambda: self.pools.ports.release(port))

    def keep(self) -> None:
        """Do the releases that were put off, once the write has succeeded."""
        for step in self._later:
            step()

    def undo(self) -> None:
        """Give back all that was taken, for a write that was refused or a dry run."""
        for step in self._undo:
            step()

"""The numbers that one write takes and gives back: all of them, or none if the write is refused."""

from collections.abc import Callable
from dataclasses import dataclass, field

from svcproof.lab.apiserver.allocation.pools import Pools, TakenError


@dataclass(slots=True)
class Claim:
    """Takes numbers at once, so that later takers see it, and puts releases off until the write has succeeded."""

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

"""The numbers that one write takes and gives back: all of them, or none where the write is refused."""

from collections.abc import Callable
from dataclasses import dataclass, field

from svcproof.lab.apiserver.allocation.pools import Pools, TakenError


@dataclass(slots=True)
class Claim:
    """Takes at once, so that later takers see it; `undo` gives it back, `keep` does the releases put off."""

    pools: Pools
    _undo: list[Callable[[], None]] = field(default_factory=list)
    _later: list[Callable[[], None]] = field(default_factory=list)

    def address(self, family: str, wanted: str = "") -> str:
        """Take `wanted`, or any address of the family; raises TakenError."""
        pool = self.pools.of_family(family)
        if pool is None:
            raise TakenError(f"{family} is not configured on this cluster")
        if wanted:
            pool.take(wanted)
        taken = wanted or pool.take_any()
        self._undo.append(lambda: pool.release(taken))
        return taken

    def port(self, wanted: int = 0) -> int:
        """Take `wanted`, or any node port; raises TakenError."""
        ports = self.pools.ports
        taken = self.pools.take_port(ports, wanted)
        self._undo.append(lambda: ports.release(taken))
        return taken

    def release_address(self, address: str) -> None:
        """Give an address back once the write has succeeded."""
        pool = self.pools.of_family("IPv6" if ":" in address else "IPv4")
        if pool is not None:
            self._later.append(lambda: pool.release(address))

    def release_port(self, port: int) -> None:
        """Give a node port back once the write has succeeded."""
        self._later.append(lambda: self.pools.ports.release(port))

    def keep(self) -> None:
        """The write has succeeded."""
        for step in self._later:
            step()

    def undo(self) -> None:
        """The write was refused, or only tried."""
        for step in self._undo:
            step()

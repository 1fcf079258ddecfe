"""Addresses for the pods of one node."""

from collections import deque
from collections.abc import Iterator

from svcproof.addresses import Range

FIRST = 2
"""The range's first address is left alone: other networks give it to a bridge."""


class Addresses:
    """Hands out addresses of the node's ranges, one of each; one given back is used again as late as possible."""

    def __init__(self, ranges: tuple[Range, ...]) -> None:
        self._fresh = [_hosts(whole) for whole in ranges]
        self._returned: deque[tuple[str, ...]] = deque()

    def take(self) -> tuple[str, ...]:
        """Take one address of each range, the primary family's first; raises LookupError when there are none left."""
        fresh = tuple(address for address in (next(hosts, "") for hosts in self._fresh) if address)
        if len(fresh) == len(self._fresh):
            return fresh
        if not self._returned:
            raise LookupError("every pod address of the node is in use")
        return self._returned.popleft()

    def give_back(self, addresses: tuple[str, ...]) -> None:
        """Take back what a pod had."""
        self._returned.append(addresses)


def _hosts(whole: Range) -> Iterator[str]:
    return (str(whole[index]) for index in range(FIRST, min(whole.num_addresses, 1 << 16) - 1))

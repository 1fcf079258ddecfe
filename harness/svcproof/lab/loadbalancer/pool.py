"""Choosing addresses: a pure function of what is wanted, what others hold, and the pool."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from ipaddress import ip_address

from svcproof.addresses import Span
from svcproof.errors import SvcproofError
from svcproof.lab.faults import load_balancer as fault
from svcproof.lab.loadbalancer.wish import Wish


class Refused(SvcproofError):
    """A Service cannot have what it wants for now; the message says why, and goes into an Event."""


@dataclass(frozen=True, slots=True)
class Holding:
    """What a Service has, and on what terms it has it."""

    addresses: tuple[str, ...]
    wish: Wish


@dataclass(frozen=True, slots=True)
class Pool:
    """The addresses there are to give."""

    spans: Sequence[Span]
    faults: frozenset[str] = frozenset()

    def __contains__(self, address: str) -> bool:
        return any(
            span.first.version == ip_address(address).version and int(span.first) <= int(ip_address(address)) <= end
            for span, end in self._spans()
        )

    def choose(
        self, wish: Wish, current: Sequence[str], others: Collection[Holding], given_back: Sequence[str] = ()
    ) -> tuple[str, ...]:
        """Addresses for a wish: the current ones as long as they will do, else the requested, else the lowest free.

        Of those `given_back`, oldest first, none is taken while another is free: a proxy may still be about to forget
        whom it led to. Raises Refused where there are none.
        """
        if current and self._still_good(wish, current, others):
            return tuple(current)
        if wish.requested:
            return self._requested(wish, others)
        return tuple(self._lowest(wish, family, others, given_back) for family in wish.families)

    def _still_good(self, wish: Wish, current: Sequence[str], others: Collection[Holding]) -> bool:
        as_requested = not wish.requested or set(wish.requested) == set(current)
        families = {ip_address(one).version for one in current} == set(wish.families)
        return as_requested and families and all(one in self and not _clash(one, wish, others) for one in current)

    def _requested(self, wish: Wish, others: Collection[Holding]) -> tuple[str, ...]:
        for one in wish.requested:
            if not _is_address(one):
                raise Refused(f"what is asked for, {one!r}, is no IP address")
            if one not in self:
                raise Refused(f"the address {one} that is asked for is not in the pool")
            if why := _clash(one, wish, others):
                raise Refused(f"the address {one} that is asked for cannot be had: {why}")
        return wish.requested

    def _lowest(self, wish: Wish, family: int, others: Collection[Holding], given_back: Sequence[str]) -> str:
        rested = {address: turn for turn, address in enumerate(given_back, start=1)}
        spans = [(span, end) for span, end in self._spans() if span.first.version == family]
        everything = [address for span, end in spans for address in _addresses(span, end)]
        for address in sorted(everything, key=lambda one: rested.get(one, 0)):
            if fault.SAME_ADDRESS.name in self.faults or not _clash(address, wish, others):
                return address
        raise Refused(f"no available IPs: the pool has no free IPv{family} address")

    def _spans(self) -> Iterator[tuple[Span, int]]:
        """The spans with their last addresses, as numbers."""
        for span in self.spans:
            if fault.OUTSIDE_POOL.name in self.faults:
                yield Span(first=span.last + 1, last=span.last + 1), int(span.last) + 8
            else:
                yield span, int(span.last)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _addresses(span: Span, end: int) -> Iterator[str]:
    return (str(type(span.first)(number)) for number in range(int(span.first), end + 1))


def _clash(address: str, wish: Wish, others: Collection[Holding]) -> str:
    """Why an address cannot be had beside the Services that hold it; empty where it can."""
    for holding in others:
        if address not in holding.addresses:
            continue
        if not wish.sharing or wish.sharing != holding.wish.sharing:
            return "it is in use, and not by Services that share it on the same key"
        if wish.ports & holding.wish.ports:
            return "the Services would share ports too"
        if wish.backend != holding.wish.backend:
            return "under externalTrafficPolicy Local only Services of the same pods can share it"
    return ""

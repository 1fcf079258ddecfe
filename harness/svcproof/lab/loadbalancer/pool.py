"""The pool of addresses, and the choice from it: pure functions of the request and of what others hold."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from ipaddress import ip_address

from svcproof.addresses import Span
from svcproof.errors import SvcproofError
from svcproof.lab.loadbalancer.address_request import AddressRequest


class Refused(SvcproofError):
    """A Service cannot have what it asks for, for now; the message says why, and goes into an Event."""


@dataclass(frozen=True, slots=True)
class Holding:
    """The addresses a Service has, and the request they were given for."""

    addresses: tuple[str, ...]
    request: AddressRequest


@dataclass(frozen=True, slots=True)
class Pool:
    """The addresses that can be given."""

    spans: Sequence[Span]

    def __contains__(self, address: str) -> bool:
        number, version = int(ip_address(address)), ip_address(address).version
        return any(span.first.version == version and int(span.first) <= number <= int(span.last) for span in self.spans)

    def of_family(self, family: int) -> Iterator[str]:
        """Yield the addresses of IP version `family`, in order."""
        for span in self.spans:
            if span.first.version == family:
                for number in range(int(span.first), int(span.last) + 1):
                    yield str(type(span.first)(number))


def choose(
    pool: Pool,
    request: AddressRequest,
    current: Holding | None,
    others: Collection[Holding],
    given_back: Sequence[str] = (),
) -> tuple[str, ...]:
    """Return the current addresses as long as they will do, else the requested, else the lowest free ones.

    Of those `given_back`, oldest first, none is taken while another is free: a proxy may still be about to forget
    whom it led to. Raises Refused where there are none.
    """
    if current and _is_still_good(pool, request, current.addresses, others):
        return current.addresses
    if request.requested:
        return _requested(pool, request, others)
    return tuple(_lowest(pool, request, family, others, given_back) for family in request.families)


def _is_still_good(pool: Pool, request: AddressRequest, addresses: Sequence[str], others: Collection[Holding]) -> bool:
    as_requested = not request.requested or set(request.requested) == set(addresses)
    families = {ip_address(address).version for address in addresses} == set(request.families)
    usable = all(address in pool and not _clash(address, request, others) for address in addresses)
    return as_requested and families and usable


def _requested(pool: Pool, request: AddressRequest, others: Collection[Holding]) -> tuple[str, ...]:
    for address in request.requested:
        try:
            offered = address in pool
        except ValueError as error:
            raise Refused(f"what is asked for, {address!r}, is no IP address") from error
        if not offered:
            raise Refused(f"the address {address} that is asked for is not in the pool")
        if why := _clash(address, request, others):
            raise Refused(f"the address {address} that is asked for cannot be had: {why}")
    return request.requested


def _lowest(
    pool: Pool, request: AddressRequest, family: int, others: Collection[Holding], given_back: Sequence[str]
) -> str:
    rested = {address: turn for turn, address in enumerate(given_back, start=1)}
    for address in sorted(pool.of_family(family), key=lambda address: rested.get(address, 0)):
        if not _clash(address, request, others):
            return address
    raise Refused(f"no available IPs: the pool has no free IPv{family} address")


def _clash(address: str, request: AddressRequest, others: Collection[Holding]) -> str:
    """Say why an address cannot be had beside the Services that hold it; empty where it can."""
    for holding in others:
        if address not in holding.addresses:
            continue
        if not request.sharing or request.sharing != holding.request.sharing:
            return "it is in use, and not by Services that share it on the same key"
        if request.ports & holding.request.ports:
            return "the Services would share ports too"
        if request.backend != holding.request.backend:
            return "under externalTrafficPolicy Local only Services of the same pods can share it"
    return ""

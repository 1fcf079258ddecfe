"""The clients that a load balancer's address admits."""

from ipaddress import ip_address, ip_network

from svcproof.model.behaviour import Level
from svcproof.model.vocabulary import Feature
from svcproof.promise.clauses import SERVICE_API
from svcproof.promise.doors import Door, Kind
from svcproof.promise.expectation import Client, Where
from svcproof.promise.rulebook import rule


@rule(SERVICE_API, Level.MUST, feature=Feature.LOAD_BALANCER_SOURCE_RANGES)
def client_outside_the_source_ranges_is_shut_out(client: Client, door: Door) -> bool:
    """A client outside the cluster and outside a Service's loadBalancerSourceRanges is not answered at its address.

    The ranges say nothing of its other doors.
    """
    if client.where is not Where.OUTSIDE or not has_ranges(door):
        return False
    own = addresses_of(client, door)
    return bool(own) and bool(ranges_of(door)) and not any(_admits(door, address) for address in own)


@rule(SERVICE_API, Level.MAY)
def source_ranges_may_hold_for_clients_inside(client: Client, door: Door) -> bool:
    """A client in the cluster and outside the source ranges may be shut out or not, as it may never leave the cluster.

    So may any client where no range is of the family that it asks over.
    """
    if not has_ranges(door):
        return False
    own = addresses_of(client, door)
    return not (own and ranges_of(door) and all(_admits(door, address) for address in own))


def has_ranges(door: Door) -> bool:
    """True if the door is a load balancer's address of a Service with source ranges."""
    return door.kind is Kind.LOAD_BALANCER and bool(door.service.source_ranges)


def ranges_of(door: Door) -> tuple[str, ...]:
    """The source ranges of the door's family."""
    version = ip_address(door.target.address).version
    stripped = (text.strip() for text in door.service.source_ranges)
    return tuple(text for text in stripped if ip_network(text, strict=False).version == version)


def addresses_of(client: Client, door: Door) -> tuple[str, ...]:
    """The client's addresses of the door's family."""
    version = ip_address(door.target.address).version
    return tuple(address for address in client.addresses if ip_address(address).version == version)


def _admits(door: Door, address: str) -> bool:
    return any(ip_address(address) in ip_network(text, strict=False) for text in ranges_of(door))

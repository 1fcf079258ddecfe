"""The clients that a load balancer's address admits."""

from enum import Enum, auto

from svcproof.model.behaviour import Level
from svcproof.model.vocabulary import Feature
from svcproof.promise.clauses import SERVICE_API
from svcproof.promise.doors import Door, Kind
from svcproof.promise.expectation import Client, Where
from svcproof.promise.parsing import address_of, range_of, version_of
from svcproof.promise.rulebook import rule


@rule(SERVICE_API, Level.MUST, feature=Feature.LOAD_BALANCER_SOURCE_RANGES)
def client_outside_the_source_ranges_is_shut_out(client: Client, door: Door) -> bool:
    """A client outside the cluster and outside a Service's loadBalancerSourceRanges is not answered at its address.

    The ranges say nothing of its ClusterIPs and node ports.
    """
    return client.where is Where.OUTSIDE and admission(client, door) is Admission.NONE


@rule(SERVICE_API, Level.MAY)
def source_ranges_may_hold_or_not(client: Client, door: Door) -> bool:
    """A client in the cluster and outside the source ranges may be shut out or not: it need not meet the load balancer.

    So may a client with addresses in and out of the ranges, and any if no range is of the family that it asks over.
    """
    admitted = admission(client, door)
    return admitted is Admission.UNKNOWN or (client.where is not Where.OUTSIDE and admitted is Admission.NONE)


@rule(SERVICE_API, Level.MAY)
def source_ranges_may_hold_at_external_ips(client: Client, door: Door) -> bool:
    """A client outside the cluster and outside the source ranges may be shut out at the Service's external IPs, or not.

    They are no addresses of the load balancer, and kube-proxy lets everybody in; Cilium does not.
    """
    is_guarded = door.kind is Kind.EXTERNAL_IP and door.service.type == "LoadBalancer"
    ranges = ranges_of(door) if is_guarded and client.where is Where.OUTSIDE else ()
    return bool(ranges) and not all(_admits(door, address) for address in addresses_of(client, door))


class Admission(Enum):
    """The way a client stands to the source ranges of a door."""

    ALL = auto()
    NONE = auto()
    UNKNOWN = auto()


def admission(client: Client, door: Door) -> Admission:
    """Return whether the source ranges of a door admit all addresses of a client, or none of them."""
    if not has_ranges(door):
        return Admission.ALL
    admitted = {_admits(door, address) for address in addresses_of(client, door)}
    if not ranges_of(door) or len(admitted) != 1:
        return Admission.UNKNOWN
    return Admission.ALL if admitted == {True} else Admission.NONE


def has_ranges(door: Door) -> bool:
    """True if the door is a load balancer's address of a Service with source ranges."""
    return door.kind is Kind.LOAD_BALANCER and bool(door.service.source_ranges)


def ranges_of(door: Door) -> tuple[str, ...]:
    """The source ranges of the door's family."""
    version = version_of(door.target.address)
    return tuple(text for text in door.service.source_ranges if range_of(text).version == version)


def addresses_of(client: Client, door: Door) -> tuple[str, ...]:
    """The client's addresses of the door's family."""
    version = version_of(door.target.address)
    return tuple(address for address in client.addresses if version_of(address) == version)


def _admits(door: Door, address: str) -> bool:
    return any(address_of(address) in range_of(text) for text in ranges_of(door))

"""The endpoints of a Service's port, as its EndpointSlices list them."""

from collections.abc import Iterator
from dataclasses import dataclass

from svcproof.model.behaviour import Level
from svcproof.promise.clauses import DUAL_STACK, ENDPOINT_SLICES, KEPS, LABELS, SLICE_API
from svcproof.promise.expectation import Backend
from svcproof.promise.parsing import version_of
from svcproof.promise.rulebook import rule
from svcproof.promise.services import HEADLESS, OTHER_PROXY
from svcproof.promise.world import Endpoint, Port, Service, Slice, SlicePort, World


@dataclass(frozen=True, slots=True)
class Listed:
    """An endpoint of a slice, at one of its addresses and ports."""

    backend: Backend
    endpoint: Endpoint


@rule(ENDPOINT_SLICES + "#ownership", Level.MUST, kep=752, since="1.21")
def slice_belongs_to_the_service_it_names(endpoint_slice: Slice, service: Service) -> bool:
    """An EndpointSlice belongs to the Service of its own namespace that its label kubernetes.io/service-name names."""
    return (endpoint_slice.namespace, endpoint_slice.service) == (service.namespace, service.name)


@rule(DUAL_STACK, Level.MUST, kep=563, since="1.23")
def endpoints_are_of_the_family_that_was_asked(endpoint_slice: Slice, address: str) -> bool:
    """A client that asks an address of one family is answered by endpoints in slices of that addressType alone."""
    return endpoint_slice.address_type == f"IPv{version_of(address)}"


@rule(SLICE_API, Level.MUST, kep=752, since="1.21")
def port_is_found_by_name_and_protocol(slice_port: SlicePort, port: Port) -> bool:
    """The endpoints of a Service's port are those of the slices' ports of the same name and protocol.

    A slice that has no such port has no endpoint for it, whatever others have.
    """
    return (slice_port.name, slice_port.protocol) == (port.name, port.protocol)


@rule(SLICE_API, Level.SHOULD, kep=752, since="1.21")
def port_without_a_number_serves_nothing(slice_port: SlicePort) -> bool:
    """A slice's port that has no number stands for none that a Service could lead to."""
    return slice_port.port == 0


@rule(SLICE_API, Level.MAY, kep=752, since="1.21")
def further_addresses_of_an_endpoint_may_be_used(endpoint: Endpoint) -> bool:
    """Of an endpoint's addresses the first is used; further ones may be too, as the API gives them no meaning."""
    return len(endpoint.addresses) > 1


@rule(LABELS + "#servicekubernetesioheadless", Level.MAY)
def slice_labelled_headless_may_be_ignored(endpoint_slice: Slice) -> bool:
    """A slice with the label service.kubernetes.io/headless is one that a proxy need not look at."""
    return HEADLESS in endpoint_slice.labels


@rule(f"{KEPS}/2447-Make-kube-proxy-service-abstraction-optional", Level.MAY, kep=2447)
def slice_labelled_for_another_proxy_may_be_ignored(endpoint_slice: Slice) -> bool:
    """A slice with the label service.kubernetes.io/service-proxy-name may be ignored where its Service has none."""
    return OTHER_PROXY in endpoint_slice.labels


def listed(world: World, service: Service, port: Port, address: str) -> tuple[Listed, ...]:
    """Return the endpoints in the slices of a port of a Service, of the family of `address`, duplicates included."""
    return tuple(
        listed
        for endpoint_slice in world.slices
        if slice_belongs_to_the_service_it_names(endpoint_slice, service)
        and endpoints_are_of_the_family_that_was_asked(endpoint_slice, address)
        for listed in _of_slice(endpoint_slice, port)
    )


def _of_slice(endpoint_slice: Slice, port: Port) -> Iterator[Listed]:
    for slice_port in endpoint_slice.ports:
        if not port_is_found_by_name_and_protocol(slice_port, port) or port_without_a_number_serves_nothing(slice_port):
            continue
        for endpoint in endpoint_slice.endpoints:
            for address in endpoint.addresses[:1]:
                yield Listed((address, slice_port.port), endpoint)

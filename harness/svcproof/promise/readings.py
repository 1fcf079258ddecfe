"""The points that the API leaves open: further readings of a world. Only what all of them agree upon is promised."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import chain

from svcproof.model.behaviour import Level
from svcproof.model.keps import KEPS, Kep
from svcproof.model.probe import Protocol
from svcproof.model.release import Release
from svcproof.model.vocabulary import Feature
from svcproof.promise.clauses import SERVICE_PROXY
from svcproof.promise.either import Reading
from svcproof.promise.rulebook import rule
from svcproof.promise.services import OTHER_PROXY, service_labelled_headless_may_be_left_alone
from svcproof.promise.slices import (
    further_addresses_of_an_endpoint_may_be_used,
    slice_labelled_for_another_proxy_may_be_ignored,
    slice_labelled_headless_may_be_ignored,
)
from svcproof.promise.world import Claims, Endpoint, Ingress, Policy, Service, Slice, World

Change = Callable[[World], list[World]]


@rule(SERVICE_PROXY, Level.MAY)
def feature_that_is_not_claimed_may_be_missing(claims: Claims, feature: Feature) -> bool:
    """A feature that a proxy does not claim may be there or not."""
    return feature not in claims.features


@rule("https://github.com/kubernetes/enhancements/pull/5923", Level.MAY)
def promise_of_a_later_release_may_be_missing(claims: Claims, kep: Kep) -> bool:
    """A promise that became stable after the release of the cluster or the proxy, or one not known, may be missing."""
    return claims.release is None or claims.release < Release.read(kep.stable)


def readings(claims: Claims) -> Iterator[Reading[World]]:
    """The further readings that a world with these claims may have."""
    for feature, change in WITHOUT.items():
        if feature_that_is_not_claimed_may_be_missing(claims, feature):
            yield Reading(feature_that_is_not_claimed_may_be_missing.rule, change)
    for number, change in BEFORE.items():
        if promise_of_a_later_release_may_be_missing(claims, KEPS[number]):
            yield Reading(promise_of_a_later_release_may_be_missing.rule, change)
    yield Reading(service_labelled_headless_may_be_left_alone.rule, _without_labelled_services)
    for ignored in (slice_labelled_headless_may_be_ignored, slice_labelled_for_another_proxy_may_be_ignored):
        yield Reading(ignored.rule, _slices_but(ignored))
    yield Reading(further_addresses_of_an_endpoint_may_be_used.rule, _with_further_addresses)


def _services(change: Callable[[Service], Service]) -> Change:
    """Change each Service of a world."""
    return lambda world: [replace(world, services=tuple(map(change, world.services)))]


def _endpoints(change: Callable[[Endpoint], Endpoint]) -> Change:
    """Change each endpoint of a world."""

    def of_slice(endpoint_slice: Slice) -> Slice:
        return replace(endpoint_slice, endpoints=tuple(map(change, endpoint_slice.endpoints)))

    return lambda world: [replace(world, slices=tuple(map(of_slice, world.slices)))]


def _unlabelled(service: Service) -> Service:
    return replace(service, labels={key: value for key, value in service.labels.items() if key != OTHER_PROXY})


def _without_labelled_services(world: World) -> list[World]:
    kept = (service for service in world.services if not service_labelled_headless_may_be_left_alone(service))
    return [replace(world, services=tuple(kept))]


def _slices_but(ignored: Callable[[Slice], bool]) -> Change:
    return lambda world: [replace(world, slices=tuple(item for item in world.slices if not ignored(item)))]


def _with_further_addresses(world: World) -> list[World]:
    """Make each address of an endpoint one of its own."""

    def of_slice(endpoint_slice: Slice) -> Slice:
        endpoints = (
            replace(endpoint, addresses=(address,))
            for endpoint in endpoint_slice.endpoints
            for address in endpoint.addresses
            if further_addresses_of_an_endpoint_may_be_used(endpoint) or address == endpoint.addresses[0]
        )
        return replace(endpoint_slice, endpoints=tuple(endpoints))

    several = any(
        map(further_addresses_of_an_endpoint_may_be_used, chain.from_iterable(s.endpoints for s in world.slices))
    )
    return [replace(world, slices=tuple(map(of_slice, world.slices)))] if several else []


def _without_last_resort(endpoint: Endpoint) -> Endpoint:
    return replace(endpoint, serving=False) if endpoint.terminating and not endpoint.ready else endpoint


def _without_node_ports(service: Service) -> Service:
    return replace(service, ports=tuple(replace(port, node_port=0) for port in service.ports))


def _without_sctp(service: Service) -> Service:
    return replace(service, ports=tuple(port for port in service.ports if port.protocol is not Protocol.SCTP))


def _as_vip(ingress: Ingress) -> Ingress:
    return replace(ingress, vip=True)


WITHOUT: dict[Feature, Change] = {
    Feature.SERVICE_PROXY_NAME: _services(_unlabelled),
    Feature.INTERNAL_TRAFFIC_POLICY: _services(lambda service: replace(service, internal_policy=Policy.CLUSTER)),
    Feature.EXTERNAL_TRAFFIC_POLICY: _services(lambda service: replace(service, external_policy=Policy.CLUSTER)),
    Feature.LOAD_BALANCER_SOURCE_RANGES: _services(lambda service: replace(service, source_ranges=())),
    Feature.SESSION_AFFINITY: _services(lambda service: replace(service, affinity_seconds=0)),
    Feature.TERMINATING_ENDPOINTS: _endpoints(_without_last_resort),
    Feature.TRAFFIC_DISTRIBUTION: _endpoints(lambda endpoint: replace(endpoint, zones=frozenset(), nodes=frozenset())),
    Feature.SCTP: _services(_without_sctp),
    Feature.NODE_PORT: _services(_without_node_ports),
    Feature.LOAD_BALANCER: _services(lambda service: replace(service, ingress=())),
    Feature.EXTERNAL_IPS: _services(lambda service: replace(service, external_ips=())),
}
BEFORE: dict[int, Change] = {
    2086: _services(lambda service: replace(service, internal_policy=Policy.CLUSTER)),
    1669: _endpoints(_without_last_resort),
    1860: _services(lambda service: replace(service, ingress=tuple(map(_as_vip, service.ingress)))),
    2433: _endpoints(lambda endpoint: replace(endpoint, zones=frozenset(), nodes=frozenset())),
    3015: _endpoints(lambda endpoint: replace(endpoint, nodes=frozenset())),
}

"""What the API leaves open, as several readings of one world: only what all of them agree upon is promised."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from svcproof.model.behaviour import Level
from svcproof.model.release import Release
from svcproof.model.vocabulary import Feature
from svcproof.promise.clauses import KEPS, SERVICE_PROXY
from svcproof.promise.expectation import Rule
from svcproof.promise.rulebook import rule
from svcproof.promise.services import HEADLESS, OTHER_PROXY, service_labelled_headless_may_be_left_alone
from svcproof.promise.slices import (
    slice_labelled_for_another_proxy_may_be_ignored,
    slice_labelled_headless_may_be_ignored,
)
from svcproof.promise.world import Claims, Endpoint, Ingress, Policy, Service, Slice, World

Change = Callable[[World], World]


@dataclass(frozen=True, slots=True)
class Reading:
    """A second reading of a world, and the rule that allows it."""

    rule: Rule
    change: Change


@rule(SERVICE_PROXY, Level.MAY)
def feature_that_is_not_claimed_may_be_missing(claims: Claims, feature: Feature) -> bool:
    """A feature that a proxy does not claim may be there or not."""
    return feature not in claims.features


@rule(f"{KEPS}/5922-service-proxy-conformance", Level.MAY)
def promise_younger_than_the_cluster_may_be_missing(claims: Claims, since: str) -> bool:
    """What became stable in a later release than the cluster's, or where that is not known, may be there or not."""
    return claims.release is None or claims.release < Release.read(since)


def readings(world: World) -> Iterator[Reading]:
    """The second readings that a world has beside the plain one."""
    for feature, change in WITHOUT.items():
        if feature_that_is_not_claimed_may_be_missing(world.claims, feature):
            yield Reading(feature_that_is_not_claimed_may_be_missing.rule, change)
    for since, change in BEFORE.items():
        if promise_younger_than_the_cluster_may_be_missing(world.claims, since):
            yield Reading(promise_younger_than_the_cluster_may_be_missing.rule, change)
    yield Reading(service_labelled_headless_may_be_left_alone.rule, _without_headless_services)
    yield Reading(slice_labelled_headless_may_be_ignored.rule, _slices_but(slice_labelled_headless_may_be_ignored))
    yield Reading(
        slice_labelled_for_another_proxy_may_be_ignored.rule,
        _slices_but(slice_labelled_for_another_proxy_may_be_ignored),
    )


def services(change: Callable[[Service], Service]) -> Change:
    """Change each Service of a world."""
    return lambda world: replace(world, services=tuple(map(change, world.services)))


def endpoints(change: Callable[[Endpoint], Endpoint]) -> Change:
    """Change each endpoint of a world."""

    def of_slice(endpoint_slice: Slice) -> Slice:
        return replace(endpoint_slice, endpoints=tuple(map(change, endpoint_slice.endpoints)))

    return lambda world: replace(world, slices=tuple(map(of_slice, world.slices)))


def _unlabelled(service: Service) -> Service:
    return replace(service, labels={key: value for key, value in service.labels.items() if key != OTHER_PROXY})


def _without_headless_services(world: World) -> World:
    return replace(world, services=tuple(service for service in world.services if HEADLESS not in service.labels))


def _slices_but(ignored: Callable[[Slice], bool]) -> Change:
    return lambda world: replace(world, slices=tuple(item for item in world.slices if not ignored(item)))


def _without_last_resort(endpoint: Endpoint) -> Endpoint:
    return replace(endpoint, serving=False) if endpoint.terminating and not endpoint.ready else endpoint


def _without_node_ports(service: Service) -> Service:
    return replace(service, ports=tuple(replace(port, node_port=0) for port in service.ports))


def _as_vip(ingress: Ingress) -> Ingress:
    return replace(ingress, vip=True)


WITHOUT: dict[Feature, Change] = {
    Feature.SERVICE_PROXY_NAME: services(_unlabelled),
    Feature.INTERNAL_TRAFFIC_POLICY: services(lambda service: replace(service, internal_policy=Policy.CLUSTER)),
    Feature.EXTERNAL_TRAFFIC_POLICY: services(lambda service: replace(service, external_policy=Policy.CLUSTER)),
    Feature.LOAD_BALANCER_SOURCE_RANGES: services(lambda service: replace(service, source_ranges=())),
    Feature.SESSION_AFFINITY: services(lambda service: replace(service, affinity_seconds=0)),
    Feature.TERMINATING_ENDPOINTS: endpoints(_without_last_resort),
    Feature.TRAFFIC_DISTRIBUTION: endpoints(lambda endpoint: replace(endpoint, zones=frozenset(), nodes=frozenset())),
    Feature.NODE_PORT: services(_without_node_ports),
    Feature.LOAD_BALANCER: services(lambda service: replace(service, ingress=())),
    Feature.EXTERNAL_IPS: services(lambda service: replace(service, external_ips=())),
}
BEFORE: dict[str, Change] = {
    "1.26": services(lambda service: replace(service, internal_policy=Policy.CLUSTER)),
    "1.28": endpoints(_without_last_resort),
    "1.32": services(lambda service: replace(service, ingress=tuple(map(_as_vip, service.ingress)))),
    "1.33": endpoints(lambda endpoint: replace(endpoint, zones=frozenset(), nodes=frozenset())),
    "1.35": endpoints(lambda endpoint: replace(endpoint, nodes=frozenset())),
}

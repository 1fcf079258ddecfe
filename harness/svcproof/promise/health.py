"""The answer of a Service's healthCheckNodePort on a node, which load balancers ask before they send traffic there."""

from collections.abc import Iterator
from dataclasses import dataclass

from svcproof.model.behaviour import Level
from svcproof.model.vocabulary import Feature
from svcproof.promise.clauses import KEPS, SERVICE_API
from svcproof.promise.endpoints import endpoint_is_local_to_the_node_it_names, ready_endpoint_is_used
from svcproof.promise.expectation import Rule
from svcproof.promise.parsing import version_of
from svcproof.promise.rulebook import rule
from svcproof.promise.services import is_handled
from svcproof.promise.slices import (
    slice_belongs_to_the_service_it_names,
    slice_labelled_for_another_proxy_may_be_ignored,
    slice_labelled_headless_may_be_ignored,
)
from svcproof.promise.world import Endpoint, Node, Policy, Service, World

OK, UNAVAILABLE = 200, 503
Copy = tuple[bool, bool]
"""One listing of an endpoint: whether its slice counts, and whether it is ready on the node."""
MAY_BE_IGNORED = (slice_labelled_headless_may_be_ignored, slice_labelled_for_another_proxy_may_be_ignored)


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """The statuses that a node may answer with; empty where it is not to answer, None where nothing is promised.

    `endpoints` is the number that its document gives as localEndpoints; None where any is right, as with endpoints of
    both families, which proxies count together or apart.
    """

    statuses: frozenset[int] | None
    endpoints: int | None
    rule: Rule


@rule(SERVICE_API, Level.MUST, feature=Feature.HEALTH_CHECK_NODE_PORT)
def health_check_port_is_of_policy_local(service: Service) -> bool:
    """A Service of type LoadBalancer with externalTrafficPolicy Local has its health checked at healthCheckNodePort."""
    is_local = service.external_policy is Policy.LOCAL
    return service.type == "LoadBalancer" and is_local and service.health_check_node_port > 0


@rule(SERVICE_API, Level.MUST, feature=Feature.HEALTH_CHECK_NODE_PORT)
def node_with_a_ready_endpoint_is_healthy(local: tuple[Endpoint, ...]) -> bool:
    """A node is healthy for a Service, and answers with 200, if an endpoint of its own is ready; else it says 503."""
    return any(map(ready_endpoint_is_used, local))


@rule(f"{KEPS}/1669-proxy-terminating-endpoints", Level.MAY, kep=1669, since="1.28")
def endpoint_that_is_ready_and_terminating_may_count_or_not(local: tuple[Endpoint, ...]) -> bool:
    """A node whose ready endpoints are all terminating may be healthy or not: texts and kube-proxy differ.

    KEP-1669 wants the check to fail regardless of readiness; kube-proxy counts each endpoint that is ready.
    """
    ready = [endpoint for endpoint in local if ready_endpoint_is_used(endpoint)]
    return bool(ready) and all(endpoint.terminating for endpoint in ready)


@rule(SERVICE_API, Level.MAY)
def endpoint_that_not_all_slices_count_may_count_or_not(copies: tuple[Copy, ...]) -> bool:
    """An endpoint that is ready here may count or not if its slice lacks all ports, or another slice says otherwise.

    So may one of a slice that a proxy may ignore.
    """
    counted = [is_ready_here for _, is_ready_here in copies]
    is_certain = any(counts for counts, is_ready_here in copies if is_ready_here)
    return any(counted) and not (all(counted) and is_certain)


def health(world: World, node: Node, service: Service) -> Health:
    """Return what a node may answer at the healthCheckNodePort of a Service."""
    if not is_handled(service) or not health_check_port_is_of_policy_local(service):
        return Health(statuses=frozenset(), endpoints=None, rule=health_check_port_is_of_policy_local.rule)
    if Feature.HEALTH_CHECK_NODE_PORT not in world.claims.features:
        return Health(statuses=None, endpoints=None, rule=health_check_port_is_of_policy_local.rule)
    listings = tuple(_listings(world, service))
    local = tuple(endpoint for _, endpoint in listings if endpoint_is_local_to_the_node_it_names(endpoint, node))
    if endpoint_that_is_ready_and_terminating_may_count_or_not(local):
        why = endpoint_that_is_ready_and_terminating_may_count_or_not.rule
        return Health(statuses=frozenset({OK, UNAVAILABLE}), endpoints=None, rule=why)
    ready = {endpoint.addresses[0] for endpoint in local if ready_endpoint_is_used(endpoint)}
    disputed = {address for address in ready if _is_disputed(listings, address, node)}
    if disputed:
        statuses = frozenset({OK} if ready - disputed else {OK, UNAVAILABLE})
        why = endpoint_that_not_all_slices_count_may_count_or_not.rule
        return Health(statuses=statuses, endpoints=None, rule=why)
    families = {version_of(address) for address in ready}
    return Health(
        statuses=frozenset({OK if node_with_a_ready_endpoint_is_healthy(local) else UNAVAILABLE}),
        endpoints=len(ready) if len(families) < 2 else None,
        rule=node_with_a_ready_endpoint_is_healthy.rule,
    )


def _is_disputed(listings: tuple[tuple[bool, Endpoint], ...], address: str, node: Node) -> bool:
    copies = tuple(
        (counts, endpoint_is_local_to_the_node_it_names(endpoint, node) and ready_endpoint_is_used(endpoint))
        for counts, endpoint in listings
        if endpoint.addresses[0] == address
    )
    return endpoint_that_not_all_slices_count_may_count_or_not(copies)


def _listings(world: World, service: Service) -> Iterator[tuple[bool, Endpoint]]:
    """Yield the endpoints of a Service, each with whether its slice counts: it has a port of the Service."""
    wanted = {(port.name, port.protocol) for port in service.ports}
    for endpoint_slice in world.slices:
        if slice_belongs_to_the_service_it_names(endpoint_slice, service):
            may_be_ignored = any(may(endpoint_slice) for may in MAY_BE_IGNORED)
            counts = not may_be_ignored and any((port.name, port.protocol) in wanted for port in endpoint_slice.ports)
            yield from ((counts, endpoint) for endpoint in endpoint_slice.endpoints if endpoint.addresses)

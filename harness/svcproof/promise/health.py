"""The answer of a Service's healthCheckNodePort on a node, which load balancers ask before they send traffic there."""

from dataclasses import dataclass

from svcproof.model.behaviour import Level
from svcproof.model.vocabulary import Feature
from svcproof.promise.clauses import KEPS, SERVICE_API
from svcproof.promise.endpoints import endpoint_is_local_to_the_node_it_names, ready_endpoint_is_used
from svcproof.promise.expectation import Rule
from svcproof.promise.parsing import version_of
from svcproof.promise.rulebook import rule
from svcproof.promise.services import is_handled
from svcproof.promise.slices import slice_belongs_to_the_service_it_names
from svcproof.promise.world import Endpoint, Node, Policy, Service, World

OK, UNAVAILABLE = 200, 503


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


def health(world: World, node: Node, service: Service) -> Health:
    """Return what a node may answer at the healthCheckNodePort of a Service."""
    if not is_handled(service) or not health_check_port_is_of_policy_local(service):
        return Health(statuses=frozenset(), endpoints=None, rule=health_check_port_is_of_policy_local.rule)
    if Feature.HEALTH_CHECK_NODE_PORT not in world.claims.features:
        return Health(statuses=None, endpoints=None, rule=health_check_port_is_of_policy_local.rule)
    local = tuple(
        endpoint for endpoint in _endpoints(world, service) if endpoint_is_local_to_the_node_it_names(endpoint, node)
    )
    if endpoint_that_is_ready_and_terminating_may_count_or_not(local):
        why = endpoint_that_is_ready_and_terminating_may_count_or_not.rule
        return Health(statuses=frozenset({OK, UNAVAILABLE}), endpoints=None, rule=why)
    is_healthy = node_with_a_ready_endpoint_is_healthy(local)
    ready = {endpoint.addresses[0] for endpoint in local if ready_endpoint_is_used(endpoint)}
    families = {version_of(address) for address in ready}
    return Health(
        statuses=frozenset({OK if is_healthy else UNAVAILABLE}),
        endpoints=len(ready) if len(families) < 2 else None,
        rule=node_with_a_ready_endpoint_is_healthy.rule,
    )


def _endpoints(world: World, service: Service) -> tuple[Endpoint, ...]:
    return tuple(
        endpoint
        for endpoint_slice in world.slices
        if slice_belongs_to_the_service_it_names(endpoint_slice, service)
        for endpoint in endpoint_slice.endpoints
        if endpoint.addresses
    )

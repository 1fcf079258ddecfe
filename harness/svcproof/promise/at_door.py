"""The expectation at one door of a Service, if one node decides."""

from svcproof.model.behaviour import Level
from svcproof.model.probe import Target
from svcproof.model.vocabulary import Feature
from svcproof.promise.clauses import SERVICE, SERVICE_API, SLICE_API, VIRTUAL_IPS
from svcproof.promise.doors import Door, doors_at, over
from svcproof.promise.either import agreed, either
from svcproof.promise.endpoints import Choice, Endpoints, cluster_wide, node_local
from svcproof.promise.expectation import Answered, Aspect, Backend, Client, Expectation
from svcproof.promise.listings import readings
from svcproof.promise.parsing import address_of
from svcproof.promise.policies import (
    Decision,
    decisions,
    node_port_from_inside_may_be_decided_on_either_node,
    pod_may_be_lost_at_the_node_port_of_another_node,
    policy_rule,
)
from svcproof.promise.rulebook import rule
from svcproof.promise.silence import silence
from svcproof.promise.slices import Listed, listed
from svcproof.promise.sources import backend_may_see_any_address, sources
from svcproof.promise.world import Node, Policy, Service, World


@rule(SERVICE, Level.MUST)
def service_without_usable_endpoints_answers_nobody(used: Endpoints) -> bool:
    """A Service of which no endpoint is to take connections is answered by nobody, and by no other's endpoint."""
    return not used


@rule(SERVICE_API, Level.MUST)
def each_endpoint_gets_its_share(service: Service) -> bool:
    """Each of the endpoints that are to take connections gets some of them, unless a Service has session affinity."""
    return service.affinity_seconds == 0


@rule(VIRTUAL_IPS + "#session-affinity", Level.MUST, feature=Feature.SESSION_AFFINITY)
def client_stays_with_its_endpoint(service: Service) -> bool:
    """With session affinity ClientIP, what a client sends to a port goes to one endpoint, within the timeout."""
    return service.affinity_seconds > 0


@rule(SERVICE + "#services-without-selectors", Level.MAY)
def endpoint_that_is_not_ours_may_be_silent(world: World, backend: Backend, target: Target) -> bool:
    """An endpoint at an address and port at which nobody of ours listens may be silent."""
    return not any(
        listener.address == backend[0] and (over(target), backend[1]) in listener.ports for listener in world.listeners
    )


@rule(SLICE_API, Level.MAY)
def endpoint_without_a_node_may_not_reach_itself(client: Client, item: Listed) -> bool:
    """A client that is itself an endpoint without a nodeName may get no answer from itself.

    A node need not know that it is one of its own pods, whose answers have to come back by way of the node.
    """
    return not item.endpoint.node and address_of(item.backend[0]) in map(address_of, client.addresses)


@rule(SERVICE + "#services-without-selectors", Level.MAY)
def endpoint_at_a_door_may_lead_anywhere(world: World, backend: Backend, target: Target) -> bool:
    """An endpoint whose address and port are those of a Service may lead anywhere: no proxy need know that."""
    return bool(doors_at(world, Target(*backend, over(target))))


def at_node(world: World, client: Client, door: Door, node: Node) -> Expectation:
    """Return the expectation of a client at a door, if this node is the one that decides."""

    def settle(endpoints: Endpoints) -> Expectation:
        parts = [_decided(world, client, door, endpoints, decision) for decision in decisions(client, door, node)]
        expected = either(parts, node_port_from_inside_may_be_decided_on_either_node.rule)
        asked = door.node or node
        elsewhere = any(item.endpoint.node != asked.name for item in cluster_wide(endpoints, asked).used)
        if pod_may_be_lost_at_the_node_port_of_another_node(client, door, node, elsewhere):
            why = pod_may_be_lost_at_the_node_port_of_another_node.rule
            return either([expected, Expectation(answered=Answered.NEVER)], why)
        return expected

    endpoints = listed(world, door.service, door.port, door.target.address)
    return agreed(endpoints, tuple(readings(endpoints)), settle)


def _decided(world: World, client: Client, door: Door, endpoints: Endpoints, decision: Decision) -> Expectation:
    anywhere = cluster_wide(endpoints, decision.node)
    is_local = decision.policy is Policy.LOCAL
    choice = node_local(endpoints, decision.node) if is_local else anywhere
    if not service_without_usable_endpoints_answers_nobody(choice.used):
        expected = _answered(world, client, door, decision.policy, choice)
        if any(endpoint_without_a_node_may_not_reach_itself(client, item) for item in choice.used):
            why = endpoint_without_a_node_may_not_reach_itself.rule
            return either([expected, Expectation(answered=Answered.NEVER)], why)
        return expected
    outcomes, silence_rule = silence(door, decision.policy, anywhere.used)
    general = service_without_usable_endpoints_answers_nobody.rule
    why = policy_rule(door) if is_local and anywhere.used else general
    rules = {Aspect.ANSWERED: why, Aspect.BACKENDS: why, Aspect.SILENCE: silence_rule}
    return Expectation(answered=Answered.NEVER, silence=outcomes, rules=rules)


def _answered(world: World, client: Client, door: Door, policy: Policy, choice: Choice) -> Expectation:
    chosen_by = policy_rule(door) if policy is Policy.LOCAL else choice.rule
    may = _backends(choice.used)
    astray = any(endpoint_at_a_door_may_lead_anywhere(world, backend, door.target) for backend in may)
    mute = {backend for backend in may if endpoint_that_is_not_ours_may_be_silent(world, backend, door.target)}
    near, source_rule = _backends(choice.near), sources(world, client, door, policy)
    rules = {
        Aspect.ANSWERED: endpoint_that_is_not_ours_may_be_silent.rule if mute else door.opened_by.rule,
        Aspect.BACKENDS: endpoint_at_a_door_may_lead_anywhere.rule if astray else chosen_by,
        Aspect.PREFERENCE: choice.near_rule if near != may and not astray else None,
        Aspect.SPREAD: each_endpoint_gets_its_share.rule,
        Aspect.SOURCE: source_rule[1],
        Aspect.STICKY: client_stays_with_its_endpoint.rule,
    }
    return Expectation(
        answered=Answered.OPEN if mute or astray else Answered.ALWAYS,
        may=None if astray else may,
        should=near if near != may and not astray else None,
        must=near - mute if each_endpoint_gets_its_share(door.service) and not astray else frozenset(),
        sources=None if astray else source_rule[0],
        any_source=frozenset(backend for backend in may if backend_may_see_any_address(world, client, backend)),
        sticky_seconds=door.service.affinity_seconds if client_stays_with_its_endpoint(door.service) else 0,
        rules={aspect: rule for aspect, rule in rules.items() if rule},
    )


def _backends(endpoints: Endpoints) -> frozenset[Backend]:
    return frozenset(item.backend for item in endpoints)

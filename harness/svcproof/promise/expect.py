"""The entry point: what a client may see at a target, in a world."""

from svcproof.model.behaviour import Level
from svcproof.model.probe import Protocol, Target
from svcproof.model.vocabulary import Feature
from svcproof.promise.admission import (
    client_outside_the_source_ranges_is_shut_out,
    source_ranges_may_hold_for_clients_inside,
)
from svcproof.promise.clauses import SLICE_API, VIRTUAL_IPS
from svcproof.promise.doors import Door, address_and_port_of_two_services_may_lead_to_either, doors_at
from svcproof.promise.either import either
from svcproof.promise.endpoints import Endpoints, cluster_wide, node_local
from svcproof.promise.expectation import Answered, Aspect, Backend, Client, Expectation, Rule
from svcproof.promise.nobody import elsewhere
from svcproof.promise.policies import Decision, cluster_ip_may_be_served_to_the_outside, decisions
from svcproof.promise.readings import Reading, readings
from svcproof.promise.rulebook import rule
from svcproof.promise.silence import silence
from svcproof.promise.slices import listed
from svcproof.promise.sources import backend_outside_the_pod_network_may_see_any_address, sources
from svcproof.promise.world import Policy, Service, World


@rule(SLICE_API, Level.MAY)
def endpoint_without_a_listener_of_ours_may_be_silent(world: World, backend: Backend, target: Target) -> bool:
    """An endpoint at which none of our own listens cannot be expected to answer."""
    asked = Protocol.TCP if target.protocol is Protocol.HTTP else target.protocol
    return not any(
        listener.address == backend[0] and (asked, backend[1]) in listener.ports for listener in world.listeners
    )


@rule(VIRTUAL_IPS, Level.SHOULD)
def each_endpoint_gets_its_share(service: Service) -> bool:
    """Without session affinity each of the endpoints that take new connections is chosen now and then."""
    return service.affinity_seconds == 0


@rule(VIRTUAL_IPS + "#session-affinity", Level.MUST, feature=Feature.SESSION_AFFINITY)
def client_stays_with_its_endpoint(service: Service) -> bool:
    """With session affinity ClientIP, the connections of a client at a port go to one endpoint, within the timeout."""
    return service.affinity_seconds > 0


def expect(world: World, client: Client, target: Target) -> Expectation:
    """Return what `client` may see at `target` over many tries, once the proxy has caught up with `world`."""
    return _over(world, client, target, tuple(readings(world)))


def _over(world: World, client: Client, target: Target, rest: tuple[Reading, ...]) -> Expectation:
    """Return what all readings agree upon."""
    for place, reading in enumerate(rest):
        other = reading.change(world)
        if other != world:
            later = rest[place + 1 :]
            return either([_over(world, client, target, later), _over(other, client, target, later)], reading.rule)
    return _settled(world, client, target)


def _settled(world: World, client: Client, target: Target) -> Expectation:
    doors = doors_at(world, target)
    if not doors:
        return elsewhere(world, client, target)
    parts = [_at_door(world, client, door) for door in doors]
    return either(parts, address_and_port_of_two_services_may_lead_to_either.rule)


def _at_door(world: World, client: Client, door: Door) -> Expectation:
    decided, several = decisions(world, client, door)
    parts = [_decided(world, client, door, decision) for decision in decided]
    expected = either(parts, several.rule) if several else parts[0]
    if client_outside_the_source_ranges_is_shut_out(client, door):
        return _shut_out(client_outside_the_source_ranges_is_shut_out.rule)
    if source_ranges_may_hold_for_clients_inside(client, door):
        why = source_ranges_may_hold_for_clients_inside.rule
        return either([expected, _shut_out(why)], why)
    if cluster_ip_may_be_served_to_the_outside(client, door):
        why = cluster_ip_may_be_served_to_the_outside.rule
        return either([expected, _shut_out(why)], why)
    return expected


def _shut_out(why: Rule) -> Expectation:
    return Expectation(answered=Answered.NEVER, rules={Aspect.ANSWERED: why, Aspect.BACKENDS: why})


def _decided(world: World, client: Client, door: Door, decision: Decision) -> Expectation:
    endpoints = listed(world, door.service, door.port, door.target.address)
    anywhere = cluster_wide(endpoints, decision.node)
    used = node_local(endpoints, decision.node) if decision.policy is Policy.LOCAL else anywhere
    if not used:
        outcomes, decided_by = silence(door, decision.policy, anywhere)
        rules = {Aspect.ANSWERED: door.opened_by.rule, Aspect.SILENCE: decided_by.rule}
        return Expectation(answered=Answered.NEVER, silence=outcomes, rules=rules)
    return _answered(world, client, door, decision, used)


def _answered(world: World, client: Client, door: Door, decision: Decision, used: Endpoints) -> Expectation:
    may = frozenset(item.backend for item in used)
    mute = frozenset(
        item for item in may if endpoint_without_a_listener_of_ours_may_be_silent(world, item, door.target)
    )
    seen_from, source_rule = sources(world, client, door, decision.policy)
    opened_by = endpoint_without_a_listener_of_ours_may_be_silent.rule if mute else door.opened_by.rule
    return Expectation(
        answered=Answered.OPEN if mute else Answered.ALWAYS,
        may=may,
        must=may - mute if each_endpoint_gets_its_share(door.service) else frozenset(),
        sources=seen_from,
        any_source=frozenset(
            item for item in may if backend_outside_the_pod_network_may_see_any_address(world, client, item)
        ),
        sticky_seconds=door.service.affinity_seconds if client_stays_with_its_endpoint(door.service) else 0,
        rules={
            Aspect.ANSWERED: opened_by,
            Aspect.BACKENDS: door.opened_by.rule,
            Aspect.SPREAD: each_endpoint_gets_its_share.rule,
            Aspect.SOURCE: source_rule.rule,
            Aspect.STICKY: client_stays_with_its_endpoint.rule,
        },
    )

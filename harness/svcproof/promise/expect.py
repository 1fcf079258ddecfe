"""The entry point: the expectation of a client at a target, in a world."""

from dataclasses import replace

from svcproof.model.probe import Target
from svcproof.promise.admission import (
    client_outside_the_source_ranges_is_shut_out,
    source_ranges_may_hold_at_external_ips,
    source_ranges_may_hold_or_not,
)
from svcproof.promise.at_door import at_node
from svcproof.promise.doors import Door, address_and_port_of_two_services_may_lead_to_either, doors_at
from svcproof.promise.either import agreed, either
from svcproof.promise.elsewhere import by_any_way, elsewhere, listener_at_a_door_may_answer_itself
from svcproof.promise.expectation import Answered, Aspect, Client, Expectation, Rule
from svcproof.promise.narrowing import narrowed
from svcproof.promise.parsing import address_of
from svcproof.promise.policies import (
    cluster_ip_may_be_served_to_the_outside,
    deciding_nodes,
    external_ip_may_be_served_to_the_outside_alone,
    packets_from_outside_may_come_in_at_any_node,
    packets_from_outside_may_come_in_nowhere,
)
from svcproof.promise.readings import readings
from svcproof.promise.world import World


def expect(world: World, client: Client, target: Target) -> Expectation:
    """Return what `client` may see at `target` over many tries, once the proxy has caught up with `world`."""
    at = target.at(str(address_of(target.address)))
    scene = narrowed(world, at)
    return agreed(scene, tuple(readings(scene.claims)), lambda reading: _settled(reading, client, at))


def _settled(world: World, client: Client, target: Target) -> Expectation:
    doors = doors_at(world, target)
    if not doors:
        return elsewhere(world, client, target)
    expected = either(
        [_at(world, client, door) for door in doors], address_and_port_of_two_services_may_lead_to_either.rule
    )
    if address_and_port_of_two_services_may_lead_to_either(doors):
        expected = replace(expected, sticky_seconds=0)
    if listener_at_a_door_may_answer_itself(world, target):
        return either([expected, elsewhere(world, client, target)], listener_at_a_door_may_answer_itself.rule)
    return expected


def _at(world: World, client: Client, door: Door) -> Expectation:
    """Return the expectation at a door, from the client's own place."""
    if client_outside_the_source_ranges_is_shut_out(client, door):
        return _shut_out(client_outside_the_source_ranges_is_shut_out.rule)
    nodes = deciding_nodes(world, client, door)
    if packets_from_outside_may_come_in_nowhere(client, nodes):
        why = packets_from_outside_may_come_in_nowhere.rule
        return by_any_way(world, door.service, door.port, door.target, why)
    several = packets_from_outside_may_come_in_at_any_node
    expected = either([at_node(world, client, door, node) for node in nodes], several.rule)
    if several(client, nodes):
        expected = replace(expected, sticky_seconds=0)
    for may_be_shut_out in (
        source_ranges_may_hold_or_not,
        source_ranges_may_hold_at_external_ips,
        cluster_ip_may_be_served_to_the_outside,
    ):
        if may_be_shut_out(client, door):
            expected = either([expected, _shut_out(may_be_shut_out.rule)], may_be_shut_out.rule)
    if external_ip_may_be_served_to_the_outside_alone(client, door, world.claims):
        why = external_ip_may_be_served_to_the_outside_alone.rule
        return either([expected, _shut_out(why)], why)
    return expected


def _shut_out(why: Rule) -> Expectation:
    return Expectation(answered=Answered.NEVER, rules={Aspect.ANSWERED: why, Aspect.BACKENDS: why})

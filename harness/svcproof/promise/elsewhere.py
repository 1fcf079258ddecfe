"""Targets that are no door of a Service: addresses of pods, nodes and clients, and those that nobody has."""

from dataclasses import replace

from svcproof.model.behaviour import Level
from svcproof.model.probe import Target
from svcproof.promise.clauses import DOCS, KEPS, SERVICE, SERVICE_API
from svcproof.promise.doors import (
    address_of_ip_mode_proxy_is_left_to_the_load_balancer,
    addresses_of,
    node_at,
    node_port_may_be_served_at_further_addresses,
    over,
    ports_over,
)
from svcproof.promise.either import either
from svcproof.promise.endpoints import cluster_wide, node_local
from svcproof.promise.expectation import Answered, Aspect, Backend, Client, Expectation, Rule, Where
from svcproof.promise.parsing import address_of
from svcproof.promise.rulebook import rule
from svcproof.promise.services import reason_to_leave_alone
from svcproof.promise.slices import listed, slice_belongs_to_the_service_it_names
from svcproof.promise.world import Listener, Port, Service, World

NETWORK_MODEL = f"{DOCS}/concepts/services-networking/#the-kubernetes-network-model"


@rule(NETWORK_MODEL, Level.MUST)
def listener_answers_at_its_own_address(listener: Listener, target: Target) -> bool:
    """A pod or a process of a node that listens at an address and port of its own answers there, and nobody else."""
    return target.address == listener.address and (over(target), target.port) in listener.ports


@rule(NETWORK_MODEL, Level.MAY)
def listener_may_be_out_of_reach_of_clients_outside(world: World, client: Client, target: Target) -> bool:
    """A client outside the cluster may have no way to the address of a pod."""
    return client.where is Where.OUTSIDE and node_at(world, target.address) is None


@rule(SERVICE, Level.MAY)
def listener_at_a_door_may_answer_itself(world: World, target: Target) -> bool:
    """A pod or a process that listens at the address and port of a Service may answer there in its place."""
    return any(listener_answers_at_its_own_address(listener, target) for listener in world.listeners)


@rule(NETWORK_MODEL, Level.MAY)
def loopback_is_the_clients_own(target: Target) -> bool:
    """A loopback address is the client's own. Node ports may be served there or not, as may what listens there."""
    return address_of(target.address).is_loopback


@rule(f"{KEPS}/1860-kube-proxy-IP-node-binding", Level.MAY, kep=1860)
def load_balancer_may_lead_back_to_the_service(world: World, target: Target) -> bool:
    """A load balancer may lead a client that asks an address of ipMode Proxy back to the Service, in any way it has.

    It cannot if no packet for the address comes in at any node.
    """
    return world.entries.get(target.address) != frozenset()


@rule(SERVICE_API, Level.MUST)
def port_that_no_service_has_there_leads_nowhere(world: World, target: Target) -> bool:
    """At an address of a Service or a node, a port or protocol that no Service has there leads to no backend.

    Neither does a node port at an address that is no node's, nor a Service's port at one that only a node has.
    """
    return bool(_owners(world, target)) or node_at(world, target.address) is not None


@rule(SERVICE, Level.MUST)
def address_that_no_service_has_leads_nowhere(world: World, target: Target) -> bool:
    """An address that no Service has, or none has any more, leads to no backend of a Service."""
    return not _owners(world, target) and node_at(world, target.address) is None


def listener_at(world: World, target: Target) -> Listener | None:
    """Return the one of our own who listens at the target itself; None where nobody does."""
    return next((item for item in world.listeners if listener_answers_at_its_own_address(item, target)), None)


def elsewhere(world: World, client: Client, target: Target) -> Expectation:
    """Return the expectation at a target that is no door of any Service."""
    if loopback_is_the_clients_own(target):
        return Expectation(answered=Answered.OPEN, may=None, rules={Aspect.ANSWERED: loopback_is_the_clients_own.rule})
    listener = listener_at(world, target)
    if listener is None:
        own = _nowhere(world, target)
    elif listener_may_be_out_of_reach_of_clients_outside(world, client, target):
        own = _decided(
            Answered.OPEN, (listener.address, target.port), listener_may_be_out_of_reach_of_clients_outside.rule
        )
    else:
        own = _decided(Answered.ALWAYS, (listener.address, target.port), listener_answers_at_its_own_address.rule)
    for service, port in ports_over(world, target):
        if address_of_ip_mode_proxy_is_left_to_the_load_balancer(service, port, target, world):
            own = _left_to_the_load_balancer(world, service, port, target, own)
        if node_port_may_be_served_at_further_addresses(service, port, target, world):
            why = node_port_may_be_served_at_further_addresses.rule
            own = either([own, by_any_way(world, service, port, target, why)], why)
    return own


def by_any_way(world: World, service: Service, port: Port, target: Target, why: Rule) -> Expectation:
    """Return the expectation of traffic that reaches a Service or not, at whichever node and by either policy."""
    endpoints = listed(world, service, port, target.address)
    choices = [choose(endpoints, node) for node in world.nodes for choose in (cluster_wide, node_local)]
    may = frozenset(item.backend for choice in choices for item in choice.used)
    rules = {Aspect.ANSWERED: why, Aspect.BACKENDS: slice_belongs_to_the_service_it_names.rule}
    return Expectation(answered=Answered.OPEN, may=may, rules=rules)


def _left_to_the_load_balancer(
    world: World, service: Service, port: Port, target: Target, own: Expectation
) -> Expectation:
    if load_balancer_may_lead_back_to_the_service(world, target):
        why = load_balancer_may_lead_back_to_the_service.rule
        return either([own, by_any_way(world, service, port, target, why)], why)
    why = address_of_ip_mode_proxy_is_left_to_the_load_balancer.rule
    return replace(own, rules={Aspect.ANSWERED: why, Aspect.BACKENDS: why})


def _decided(answered: Answered, backend: Backend, why: Rule) -> Expectation:
    return Expectation(
        answered=answered,
        may=frozenset({backend}),
        must=frozenset({backend} if answered is Answered.ALWAYS else ()),
        rules={Aspect.ANSWERED: why, Aspect.BACKENDS: listener_answers_at_its_own_address.rule},
    )


def _nowhere(world: World, target: Target) -> Expectation:
    for leads_nowhere in (port_that_no_service_has_there_leads_nowhere, address_that_no_service_has_leads_nowhere):
        if leads_nowhere(world, target):
            reasons = map(reason_to_leave_alone, _owners(world, target))
            why = next(filter(None, reasons), leads_nowhere.rule)
            return Expectation(answered=Answered.NEVER, rules={Aspect.ANSWERED: why, Aspect.BACKENDS: why})
    return Expectation(answered=Answered.OPEN, may=None)


def _owners(world: World, target: Target) -> list[Service]:
    return [service for service in world.services if target.address in addresses_of(service)]

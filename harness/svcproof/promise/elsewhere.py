"""Targets that are no door of a Service: addresses of pods, nodes and clients, and those that nobody has."""

from collections.abc import Iterator
from ipaddress import ip_address

from svcproof.model.behaviour import Level
from svcproof.model.probe import Target
from svcproof.promise.clauses import DOCS, SERVICE, SERVICE_API
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
from svcproof.promise.rulebook import rule
from svcproof.promise.services import reason_to_leave_alone
from svcproof.promise.slices import listed
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


@rule(NETWORK_MODEL, Level.MAY)
def loopback_is_the_clients_own(target: Target) -> bool:
    """A loopback address is the client's own. Node ports may be served there or not, as may what listens there."""
    return ip_address(target.address).is_loopback


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
        return _decided(Answered.OPEN, None, loopback_is_the_clients_own.rule)
    listener = listener_at(world, target)
    if listener is None:
        own = _nowhere(world, target)
    elif listener_may_be_out_of_reach_of_clients_outside(world, client, target):
        own = _decided(
            Answered.OPEN, (listener.address, target.port), listener_may_be_out_of_reach_of_clients_outside.rule
        )
    else:
        own = _decided(Answered.ALWAYS, (listener.address, target.port), listener_answers_at_its_own_address.rule)
    for service, port, why in _open_doors(world, target):
        own = either([own, by_any_way(world, service, port, target, why)], why)
    return own


def by_any_way(world: World, service: Service, port: Port, target: Target, why: Rule) -> Expectation:
    """Return the expectation of traffic that reaches a Service or not, at whichever node and by either policy."""
    endpoints = listed(world, service, port, target.address)
    choices = [choose(endpoints, node) for node in world.nodes for choose in (cluster_wide, node_local)]
    may = frozenset(item.backend for choice in choices for item in choice.used)
    return Expectation(answered=Answered.OPEN, may=may, rules={Aspect.ANSWERED: why, Aspect.BACKENDS: why})


def _open_doors(world: World, target: Target) -> Iterator[tuple[Service, Port, Rule]]:
    """The ports of Services that may be served at the target, or not."""
    for service, port in ports_over(world, target):
        for opens in (
            address_of_ip_mode_proxy_is_left_to_the_load_balancer,
            node_port_may_be_served_at_further_addresses,
        ):
            if opens(service, port, target, world):
                yield service, port, opens.rule


def _decided(answered: Answered, backend: Backend | None, why: Rule) -> Expectation:
    may = frozenset({backend}) if backend else None
    return Expectation(
        answered=answered,
        may=may,
        must=may if may and answered is Answered.ALWAYS else frozenset(),
        rules={Aspect.ANSWERED: why, Aspect.BACKENDS: why},
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

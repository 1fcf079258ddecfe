"""Targets that are no door of a Service: addresses of pods, nodes and clients, and those that nobody has."""

from svcproof.model.behaviour import Level
from svcproof.model.probe import Protocol, Target
from svcproof.promise.clauses import DOCS, SERVICE, SERVICE_PROXY
from svcproof.promise.doors import same_address
from svcproof.promise.expectation import Answered, Aspect, Client, Expectation, Where
from svcproof.promise.rulebook import Question, rule
from svcproof.promise.services import is_handled
from svcproof.promise.world import Listener, World

NETWORK_MODEL = f"{DOCS}/concepts/services-networking/"


@rule(NETWORK_MODEL, Level.MUST)
def listener_answers_at_its_own_address(listener: Listener, target: Target) -> bool:
    """Who listens at an address and port of its own that no Service has answers there itself."""
    asked = Protocol.TCP if target.protocol is Protocol.HTTP else target.protocol
    return same_address(target.address, [listener.address]) and (asked, target.port) in listener.ports


@rule(NETWORK_MODEL, Level.MAY)
def pod_may_be_out_of_reach_of_clients_outside(world: World, client: Client, target: Target) -> bool:
    """A client outside the cluster may not have a way to the addresses of pods."""
    return client.where is Where.OUTSIDE and not any(
        same_address(target.address, node.addresses) for node in world.nodes
    )


@rule(SERVICE_PROXY + "#cluster-ips", Level.MUST)
def port_that_no_service_has_there_leads_nowhere(world: World, target: Target) -> bool:
    """At an address of a Service, a port and protocol that no Service has there leads to no backend.

    So does a node port at a ClusterIP, and a Service's port at the address of a node.
    """
    return any(
        same_address(
            target.address, [*service.cluster_ips, *service.external_ips, *(i.address for i in service.ingress)]
        )
        for service in filter(is_handled, world.services)
    )


@rule(SERVICE, Level.MUST)
def address_that_no_service_has_leads_nowhere(target: Target) -> bool:
    """An address that no Service has, or has any more, leads to no backend of a Service."""
    return True


def elsewhere(world: World, client: Client, target: Target) -> Expectation:
    """The expectation at a target that is no door of any Service."""
    listener = next((item for item in world.listeners if listener_answers_at_its_own_address(item, target)), None)
    if listener is None:
        return _nowhere(world, target)
    backend = (listener.address, target.port)
    if pod_may_be_out_of_reach_of_clients_outside(world, client, target):
        return _answered(Answered.OPEN, backend, pod_may_be_out_of_reach_of_clients_outside)
    return _answered(Answered.ALWAYS, backend, listener_answers_at_its_own_address)


def _answered(answered: Answered, backend: tuple[str, int], decided: Question[...]) -> Expectation:
    return Expectation(
        answered=answered,
        may=frozenset({backend}),
        must=frozenset({backend} if answered is Answered.ALWAYS else ()),
        rules={Aspect.ANSWERED: decided.rule, Aspect.BACKENDS: listener_answers_at_its_own_address.rule},
    )


def _nowhere(world: World, target: Target) -> Expectation:
    is_of_a_service = port_that_no_service_has_there_leads_nowhere(world, target)
    decided = (
        port_that_no_service_has_there_leads_nowhere if is_of_a_service else address_that_no_service_has_leads_nowhere
    )
    return Expectation(answered=Answered.NEVER, rules={Aspect.ANSWERED: decided.rule, Aspect.BACKENDS: decided.rule})

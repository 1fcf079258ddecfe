"""The doors of Services: addresses, ports and protocols at which they are asked."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from svcproof.model.behaviour import Level
from svcproof.model.probe import Protocol, Target
from svcproof.model.vocabulary import Feature
from svcproof.promise.clauses import KEPS, SERVICE, SERVICE_API, SERVICE_PROXY
from svcproof.promise.parsing import version_of
from svcproof.promise.rulebook import Question, rule
from svcproof.promise.services import is_handled
from svcproof.promise.world import Node, Port, Service, World


class Kind(StrEnum):
    """Kinds of doors."""

    CLUSTER_IP = "ClusterIP"
    NODE_PORT = "node port"
    LOAD_BALANCER = "load balancer address"
    EXTERNAL_IP = "external IP"
    HEALTH_CHECK = "health check port"
    """No door of a Service, but where each node tells whether it has endpoints of it."""


Opens = Question[[Service, Port, Target, World]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """One port of a Service, at the target, and the rule by which it is served there.

    `node` is the node that has the target's address: always one for a node port, and for other doors by chance.
    """

    kind: Kind
    service: Service
    port: Port
    target: Target
    opened_by: Opens
    node: Node | None = None


@rule(SERVICE_API, Level.MUST)
def port_is_of_one_protocol(port: Port, target: Target) -> bool:
    """A port of a Service is served over its own protocol; HTTP is asked over TCP."""
    return port.protocol is over(target)


@rule(SERVICE_PROXY + "#cluster-ips", Level.MUST)
def cluster_ip_is_served(service: Service, port: Port, target: Target, world: World) -> bool:
    """A Service is served at each of its ClusterIPs, at each of its ports, from all pods and all nodes."""
    return target.address in service.cluster_ips and port.port == target.port


@rule(SERVICE + "#type-nodeport", Level.MUST, feature=Feature.NODE_PORT)
def node_port_is_served_at_every_node(service: Service, port: Port, target: Target, world: World) -> bool:
    """A Service of type NodePort or LoadBalancer is served at every node, at the node's address of either family.

    That is the first of each family in the node's status.
    """
    return _is_node_port(service, port, target) and any(
        target.address in primary_addresses(node) for node in world.nodes
    )


@rule(f"{KEPS}/3866-nftables-proxy", Level.MAY)
def node_port_may_be_served_at_further_addresses(service: Service, port: Port, target: Target, world: World) -> bool:
    """A node port may be served at further addresses that nodes have, or at their first ones alone."""
    return (
        _is_node_port(service, port, target)
        and not any(target.address in primary_addresses(node) for node in world.nodes)
        and not any(target.address == listener.address for listener in world.listeners)
        and not any(target.address in addresses_of(other) for other in world.services)
    )


@rule(SERVICE + "#loadbalancer", Level.MUST, feature=Feature.LOAD_BALANCER)
def load_balancer_address_is_served(service: Service, port: Port, target: Target, world: World) -> bool:
    """A Service of type LoadBalancer is served at each address of its status, at each of its ports."""
    addresses = [ingress.address for ingress in service.ingress if ingress.vip]
    return service.type == "LoadBalancer" and target.address in addresses and port.port == target.port


@rule(SERVICE + "#external-ips", Level.MUST, kep=5707, feature=Feature.EXTERNAL_IPS)
def external_ip_is_served(service: Service, port: Port, target: Target, world: World) -> bool:
    """A Service of any type that is proxied is served at each of its externalIPs, at each of its ports."""
    return target.address in service.external_ips and port.port == target.port


@rule(f"{KEPS}/5707-deprecate-service-externalips", Level.MUST, kep=5707, feature=Feature.EXTERNAL_IPS_OFF)
def external_ips_are_switched_off(world: World) -> bool:
    """A proxy that is told not to serve externalIPs serves none."""
    return Feature.EXTERNAL_IPS_OFF in world.claims.features


@rule(f"{KEPS}/1860-kube-proxy-IP-node-binding", Level.SHOULD, kep=1860, since="1.32", feature=Feature.LOAD_BALANCER)
def address_of_ip_mode_proxy_is_left_to_the_load_balancer(
    service: Service, port: Port, target: Target, world: World
) -> bool:
    """An address of the status whose ipMode is Proxy is no door: it is left to the load balancer."""
    addresses = [ingress.address for ingress in service.ingress if not ingress.vip]
    return service.type == "LoadBalancer" and target.address in addresses and port.port == target.port


@rule(SERVICE + "#external-ips", Level.MAY)
def address_and_port_of_two_services_may_lead_to_either(doors: tuple[Door, ...]) -> bool:
    """Nothing says which of two Services is served at an address, port and protocol that both have."""
    return len(doors) > 1


SERVED: Mapping[Kind, Opens] = {
    Kind.CLUSTER_IP: cluster_ip_is_served,
    Kind.NODE_PORT: node_port_is_served_at_every_node,
    Kind.LOAD_BALANCER: load_balancer_address_is_served,
    Kind.EXTERNAL_IP: external_ip_is_served,
}


def doors_at(world: World, target: Target) -> tuple[Door, ...]:
    """Return the doors at the target: none, one, or several where it is claimed more than once."""
    node = node_at(world, target.address)
    return tuple(
        Door(kind=kind, service=service, port=port, target=target, opened_by=opens, node=node)
        for service, port in ports_over(world, target)
        for kind, opens in SERVED.items()
        if opens(service, port, target, world)
        and not (kind is Kind.EXTERNAL_IP and external_ips_are_switched_off(world))
    )


def ports_over(world: World, target: Target) -> Iterator[tuple[Service, Port]]:
    """Yield each port of a Service that the proxy handles, if it is of the target's protocol."""
    for service in filter(is_handled, world.services):
        for port in service.ports:
            if port_is_of_one_protocol(port, target):
                yield service, port


def over(target: Target) -> Protocol:
    """Return the protocol of Services that the target is asked over."""
    return Protocol.TCP if target.protocol is Protocol.HTTP else target.protocol


def node_at(world: World, address: str) -> Node | None:
    """Return the node that has this address; None where no node has it."""
    return next((node for node in world.nodes if address in node.addresses), None)


def primary_addresses(node: Node) -> tuple[str, ...]:
    """Return the first address of each family that a node has."""
    first: dict[int, str] = {}
    for address in node.addresses:
        first.setdefault(version_of(address), address)
    return tuple(first.values())


def addresses_of(service: Service) -> tuple[str, ...]:
    """Return the addresses of a Service: its ClusterIPs, its externalIPs and those of its status."""
    return (*service.cluster_ips, *service.external_ips, *(ingress.address for ingress in service.ingress))


def _is_node_port(service: Service, port: Port, target: Target) -> bool:
    return service.type in ("NodePort", "LoadBalancer") and 0 < port.node_port == target.port

"""The doors of Services: addresses, ports and protocols at which they are asked."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import ip_address

from svcproof.model.behaviour import Level
from svcproof.model.probe import Protocol, Target
from svcproof.model.vocabulary import Feature
from svcproof.promise.clauses import KEPS, SERVICE, SERVICE_API, SERVICE_PROXY
from svcproof.promise.rulebook import Question, rule
from svcproof.promise.services import is_handled
from svcproof.promise.world import Node, Port, Service, World


class Kind(StrEnum):
    """Kinds of doors."""

    CLUSTER_IP = "ClusterIP"
    NODE_PORT = "node port"
    LOAD_BALANCER = "load balancer address"
    EXTERNAL_IP = "external IP"


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """One port of a Service, at the target, and the rule by which it is served there.

    `node` is the node that has the target's address: always one for a node port, and for other doors by chance.
    """

    kind: Kind
    service: Service
    port: Port
    target: Target
    opened_by: Question[[Service, Port, Target, World]]
    node: Node | None = None


@rule(SERVICE_API, Level.MUST)
def port_is_of_one_protocol(port: Port, target: Target) -> bool:
    """A port of a Service is served over its own protocol; HTTP is asked over TCP."""
    asked = Protocol.TCP if target.protocol is Protocol.HTTP else target.protocol
    return port.protocol is asked


@rule(SERVICE_PROXY + "#cluster-ips", Level.MUST)
def cluster_ip_is_served(service: Service, port: Port, target: Target, world: World) -> bool:
    """A Service is served at each of its ClusterIPs, at each of its ports, from all pods and all nodes."""
    return same_address(target.address, service.cluster_ips) and port.port == target.port


@rule(SERVICE + "#type-nodeport", Level.MUST, feature=Feature.NODE_PORT)
def node_port_is_served_at_every_node(service: Service, port: Port, target: Target, world: World) -> bool:
    """A Service of type NodePort or LoadBalancer is served at the addresses of every node, at its node ports."""
    has_node_ports = service.type in ("NodePort", "LoadBalancer")
    return has_node_ports and 0 < port.node_port == target.port and node_at(world, target.address) is not None


@rule(SERVICE + "#loadbalancer", Level.MUST, feature=Feature.LOAD_BALANCER)
def load_balancer_address_is_served(service: Service, port: Port, target: Target, world: World) -> bool:
    """A Service of type LoadBalancer is served at each address of its status, at each of its ports."""
    addresses = [ingress.address for ingress in service.ingress if ingress.vip]
    return service.type == "LoadBalancer" and same_address(target.address, addresses) and port.port == target.port


@rule(SERVICE + "#external-ips", Level.MUST, kep=5707, feature=Feature.EXTERNAL_IPS)
def external_ip_is_served(service: Service, port: Port, target: Target, world: World) -> bool:
    """A Service of any type that is proxied is served at each of its externalIPs, at each of its ports."""
    return same_address(target.address, service.external_ips) and port.port == target.port


@rule(f"{KEPS}/5707-deprecate-service-externalips", Level.MUST, kep=5707, feature=Feature.EXTERNAL_IPS_OFF)
def external_ips_are_switched_off(world: World) -> bool:
    """A proxy that is told not to serve externalIPs serves none."""
    return Feature.EXTERNAL_IPS_OFF in world.claims.features


@rule(f"{KEPS}/1860-kube-proxy-IP-node-binding", Level.SHOULD, kep=1860, since="1.32", feature=Feature.LOAD_BALANCER)
def address_of_ip_mode_proxy_is_left_to_the_load_balancer(
    service: Service, port: Port, target: Target, world: World
) -> bool:
    """An address of the status whose ipMode is Proxy is left to the load balancer, which may lead to the Service."""
    addresses = [ingress.address for ingress in service.ingress if not ingress.vip]
    return service.type == "LoadBalancer" and same_address(target.address, addresses) and port.port == target.port


@rule(SERVICE + "#type-nodeport", Level.MAY)
def node_port_at_loopback_may_be_served(service: Service, port: Port, target: Target, world: World) -> bool:
    """A process of a node that asks a node port at a loopback address may be answered by the Service or not."""
    has_node_ports = service.type in ("NodePort", "LoadBalancer")
    return has_node_ports and 0 < port.node_port == target.port and ip_address(target.address).is_loopback


@rule(SERVICE + "#external-ips", Level.MAY)
def address_and_port_of_two_services_may_lead_to_either(doors: tuple[Door, ...]) -> bool:
    """Where two Services have the same address, port and protocol, nothing says which of them is served there."""
    return len(doors) > 1


def doors_at(world: World, target: Target) -> tuple[Door, ...]:
    """The doors at the target: none, one, or several where it is claimed more than once."""
    return tuple(_doors_at(world, target))


def _doors_at(world: World, target: Target) -> Iterator[Door]:
    served = {
        Kind.CLUSTER_IP: cluster_ip_is_served,
        Kind.NODE_PORT: node_port_is_served_at_every_node,
        Kind.LOAD_BALANCER: load_balancer_address_is_served,
        Kind.EXTERNAL_IP: external_ip_is_served,
    }
    for service, port in ports_over(world, target):
        for kind, opens in served.items():
            is_off = kind is Kind.EXTERNAL_IP and external_ips_are_switched_off(world)
            if opens(service, port, target, world) and not is_off:
                node = node_at(world, target.address)
                yield Door(kind=kind, service=service, port=port, target=target, opened_by=opens, node=node)


def ports_over(world: World, target: Target) -> Iterator[tuple[Service, Port]]:
    """Each port of a Service that the proxy handles, if it is of the target's protocol."""
    for service in filter(is_handled, world.services):
        for port in service.ports:
            if port_is_of_one_protocol(port, target):
                yield service, port


def node_at(world: World, address: str) -> Node | None:
    """The node that has this address; None where no node has it."""
    return next((node for node in world.nodes if same_address(address, node.addresses)), None)


def same_address(address: str, texts: tuple[str, ...] | list[str]) -> bool:
    """True if one of the texts is this address, however it is written; names are none."""
    return any(_parsed(text) == ip_address(address) for text in texts)


def _parsed(text: str) -> object:
    try:
        return ip_address(text)
    except ValueError:
        return None

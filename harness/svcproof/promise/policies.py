"""The node that decides on a client's traffic at a door, and the policy it decides by."""

from collections.abc import Iterator
from dataclasses import dataclass

from svcproof.model.behaviour import Level
from svcproof.model.vocabulary import Feature
from svcproof.promise.clauses import SERVICE_API, SERVICE_PROXY, TRAFFIC_POLICY, VIRTUAL_IPS
from svcproof.promise.doors import Door, Kind
from svcproof.promise.expectation import Client, Where
from svcproof.promise.rulebook import Question, rule
from svcproof.promise.world import Node, Policy, Service, World


@dataclass(frozen=True, slots=True)
class Decision:
    """A node that may decide on a client's traffic, and the policy it decides by."""

    node: Node
    policy: Policy


@rule(TRAFFIC_POLICY, Level.MUST, kep=2086, since="1.26", feature=Feature.INTERNAL_TRAFFIC_POLICY)
def internal_policy_local_keeps_to_the_node(service: Service) -> bool:
    """With internalTrafficPolicy Local, who asks a ClusterIP is answered by endpoints of its own node, or by nobody.

    The policy says nothing of other doors.
    """
    return service.internal_policy is Policy.LOCAL


@rule(VIRTUAL_IPS + "#external-traffic-policy", Level.MUST, feature=Feature.EXTERNAL_TRAFFIC_POLICY)
def external_policy_local_keeps_to_the_node(service: Service) -> bool:
    """With externalTrafficPolicy Local, a node leads what comes in from outside to its own endpoints, or nowhere.

    That holds at node ports, externalIPs and the addresses of load balancers, and not at ClusterIPs.
    """
    return service.external_policy is Policy.LOCAL


@rule(SERVICE_API, Level.MUST)
def external_address_is_cluster_wide_from_inside(client: Client, door: Door) -> bool:
    """A client in the cluster that asks an externalIP or a load balancer's address gets the semantics of Cluster."""
    return client.where is not Where.OUTSIDE and door.kind in (Kind.EXTERNAL_IP, Kind.LOAD_BALANCER)


@rule(SERVICE_API, Level.MAY)
def node_port_from_inside_may_be_decided_on_either_node(client: Client, door: Door) -> bool:
    """A client in the cluster may have its connection to a node port decided on by its own node or by the one it asks.

    Its own node takes all endpoints; the one that is asked follows externalTrafficPolicy.
    """
    return client.where is not Where.OUTSIDE and door.kind is Kind.NODE_PORT


@rule(SERVICE_PROXY + "#load-balancer-ips", Level.MAY)
def node_that_packets_come_in_at_may_be_any(nodes: tuple[Node, ...]) -> bool:
    """Packets from outside come in at a node; where nothing says at which, each may decide."""
    return len(nodes) > 1


@rule(SERVICE_PROXY + "#cluster-ips", Level.MAY)
def cluster_ip_may_be_served_to_the_outside(client: Client, door: Door) -> bool:
    """A client outside the cluster that asks a ClusterIP may be answered or not."""
    return client.where is Where.OUTSIDE and door.kind is Kind.CLUSTER_IP


def decisions(world: World, client: Client, door: Door) -> tuple[tuple[Decision, ...], Question[...] | None]:
    """The decisions that a client's traffic at a door may meet, and the rule by which there are several."""
    if client.where is Where.OUTSIDE:
        nodes = entry_nodes(world, door)
        several = node_that_packets_come_in_at_may_be_any if node_that_packets_come_in_at_may_be_any(nodes) else None
        return tuple(Decision(node, policy_of(client, door)) for node in nodes), several
    own = node_of(world, client)
    decided = (Decision(own, policy_of(client, door)),)
    if node_port_from_inside_may_be_decided_on_either_node(client, door) and door.node is not None:
        asked = Decision(door.node, policy_of(client, door))
        return (asked, Decision(own, Policy.CLUSTER)), node_port_from_inside_may_be_decided_on_either_node
    return decided, None


def policy_of(client: Client, door: Door) -> Policy:
    """The policy that holds for a client at a door."""
    if door.kind is Kind.CLUSTER_IP:
        return Policy.LOCAL if internal_policy_local_keeps_to_the_node(door.service) else Policy.CLUSTER
    if external_address_is_cluster_wide_from_inside(client, door):
        return Policy.CLUSTER
    return Policy.LOCAL if external_policy_local_keeps_to_the_node(door.service) else Policy.CLUSTER


def entry_nodes(world: World, door: Door) -> tuple[Node, ...]:
    """The nodes at which packets from outside for a door may come in."""
    if door.node is not None:
        return (door.node,)
    names = world.entries.get(door.target.address)
    return tuple(node for node in world.nodes if names is None or node.name in names)


def node_of(world: World, client: Client) -> Node:
    """The node of a client in the cluster."""
    return next((node for node in world.nodes if node.name == client.node), Node(name=client.node))


def policies(decided: tuple[Decision, ...]) -> Iterator[Policy]:
    """The policies of the decisions."""
    return (decision.policy for decision in decided)

"""The node that decides on a client's traffic at a door, and the policy it decides by."""

from dataclasses import dataclass

from svcproof.model.behaviour import Level
from svcproof.model.vocabulary import Feature
from svcproof.promise.clauses import SERVICE_API, SERVICE_PROXY, TRAFFIC_POLICY, VIRTUAL_IPS
from svcproof.promise.doors import Door, Kind
from svcproof.promise.expectation import Client, Rule, Where
from svcproof.promise.rulebook import rule
from svcproof.promise.world import Claims, Node, Policy, Service, World


@dataclass(frozen=True, slots=True)
class Decision:
    """A node that may decide on a client's traffic, and the policy it decides by."""

    node: Node
    policy: Policy


@rule(TRAFFIC_POLICY, Level.MUST, kep=2086, since="1.26", feature=Feature.INTERNAL_TRAFFIC_POLICY)
def internal_policy_local_keeps_to_the_node(service: Service) -> bool:
    """With internalTrafficPolicy Local a client that asks a ClusterIP is answered by endpoints of its node, or nobody.

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


@rule(SERVICE_API, Level.MAY)
def pod_may_be_lost_at_the_node_port_of_another_node(client: Client, door: Door, node: Node, elsewhere: bool) -> bool:
    """A pod that asks the node port of another node under policy Local may lose it, if there are endpoints elsewhere.

    A client inside may need to heed the policy in picking a node. kube-proxy may take a pod of any node for one of its
    own then, and choose an endpoint of any node, which answers the pod directly and not by the way the packet came.
    """
    is_elsewhere = door.kind is Kind.NODE_PORT and door.node is not None and door.node.name != node.name
    is_local = policy_of(client, door) is Policy.LOCAL
    return client.where is Where.POD and is_elsewhere and is_local and elsewhere


@rule(SERVICE_PROXY + "#load-balancer-ips", Level.MAY)
def packets_from_outside_may_come_in_at_any_node(client: Client, nodes: tuple[Node, ...]) -> bool:
    """Packets from outside come in at one of several nodes, if nothing says at which: each of them may decide."""
    return client.where is Where.OUTSIDE and len(nodes) > 1


@rule(SERVICE_PROXY + "#load-balancer-ips", Level.MAY)
def packets_from_outside_may_come_in_nowhere(client: Client, nodes: tuple[Node, ...]) -> bool:
    """An address that no packet from outside comes in for may be out of reach of clients outside."""
    return client.where is Where.OUTSIDE and not nodes


@rule(SERVICE_PROXY + "#cluster-ips", Level.MAY)
def cluster_ip_may_be_served_to_the_outside(client: Client, door: Door) -> bool:
    """A client outside the cluster that asks a ClusterIP may be answered or not."""
    return client.where is Where.OUTSIDE and door.kind is Kind.CLUSTER_IP


@rule(SERVICE_PROXY + "#external-ips", Level.MAY)
def external_ip_may_be_served_to_the_outside_alone(client: Client, door: Door, claims: Claims) -> bool:
    """A client in the cluster may be answered at an external IP or not, by a proxy that does not claim to serve it.

    Kubernetes promises externalIPs to traffic that comes into the cluster, and recommends them to clients inside. A
    proxy that serves them to these lets whoever may make a Service take over an address (CVE-2020-8554).
    """
    is_external = door.target.address in door.service.external_ips
    return client.where is not Where.OUTSIDE and is_external and Feature.EXTERNAL_IPS_FROM_INSIDE not in claims.features


def deciding_nodes(world: World, client: Client, door: Door) -> tuple[Node, ...]:
    """Return the nodes of which one decides on a client's traffic at a door: its own, or those it may come in at."""
    if client.where is not Where.OUTSIDE:
        return (next((node for node in world.nodes if node.name == client.node), Node(name=client.node)),)
    if door.node is not None:
        return (door.node,)
    names = world.entries.get(door.target.address)
    return tuple(node for node in world.nodes if names is None or node.name in names)


def decisions(client: Client, door: Door, node: Node) -> tuple[Decision, ...]:
    """Return the decisions of which a client's traffic meets one, if `node` is the one that decides."""
    if door.node is not None and node_port_from_inside_may_be_decided_on_either_node(client, door):
        return Decision(door.node, policy_of(client, door)), Decision(node, Policy.CLUSTER)
    return (Decision(node, policy_of(client, door)),)


def policy_of(client: Client, door: Door) -> Policy:
    """Return the policy that holds for a client at a door."""
    if door.kind is Kind.CLUSTER_IP:
        return Policy.LOCAL if internal_policy_local_keeps_to_the_node(door.service) else Policy.CLUSTER
    if external_address_is_cluster_wide_from_inside(client, door):
        return Policy.CLUSTER
    return Policy.LOCAL if external_policy_local_keeps_to_the_node(door.service) else Policy.CLUSTER


def policy_rule(door: Door) -> Rule:
    """Return the rule of the policy Local that holds at a door."""
    if door.kind is Kind.CLUSTER_IP:
        return internal_policy_local_keeps_to_the_node.rule
    return external_policy_local_keeps_to_the_node.rule

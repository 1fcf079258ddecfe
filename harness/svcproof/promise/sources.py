"""The address that a backend sees a client come from."""

from svcproof.model.behaviour import Level
from svcproof.model.vocabulary import Feature
from svcproof.promise.clauses import SERVICE_PROXY, SOURCE_IP
from svcproof.promise.doors import Door, Kind
from svcproof.promise.expectation import Backend, Client, Rule, Where
from svcproof.promise.parsing import address_of, range_of, version_of
from svcproof.promise.rulebook import rule
from svcproof.promise.world import Policy, World

Sources = frozenset[str] | None


@rule(SOURCE_IP + "#source-ip-for-services-with-type-clusterip", Level.MUST, feature=Feature.CLIENT_ADDRESS)
def pod_keeps_its_address_at_a_cluster_ip(client: Client, door: Door) -> bool:
    """A pod that asks a ClusterIP is seen to come from its own address, on whichever node the endpoint is."""
    return client.where is Where.POD and door.kind is Kind.CLUSTER_IP


@rule(SOURCE_IP + "#source-ip-for-services-with-type-clusterip", Level.SHOULD)
def node_is_seen_by_an_address_of_its_own_at_a_cluster_ip(client: Client, door: Door) -> bool:
    """A process of a node that asks a ClusterIP is seen to come from an address of the node, or of its pod network."""
    return client.where is Where.HOST and door.kind is Kind.CLUSTER_IP


@rule(SOURCE_IP + "#source-ip-for-services-with-type-nodeport", Level.MUST, feature=Feature.EXTERNAL_TRAFFIC_POLICY)
def policy_local_keeps_the_address_of_clients_outside(client: Client, door: Door, policy: Policy) -> bool:
    """With externalTrafficPolicy Local a client outside is seen to come from its own address."""
    return client.where is Where.OUTSIDE and door.kind is not Kind.CLUSTER_IP and policy is Policy.LOCAL


@rule(SOURCE_IP, Level.MAY)
def source_of_other_connections_may_be_any(client: Client, door: Door) -> bool:
    """At node ports, externalIPs and addresses of load balancers a backend may see the client or a node.

    That is with policy Cluster, and for all clients in the cluster.
    """
    return True


@rule(SERVICE_PROXY, Level.MAY)
def backend_may_see_any_address(world: World, client: Client, backend: Backend) -> bool:
    """A client that is answered by itself, an endpoint in a host network or outside the cluster may see any address."""
    address = backend[0]
    ranges = [network for node in world.nodes for network in node.pod_ranges]
    is_pod = any(address_of(address) in range_of(network) for network in ranges) or any(
        listener.address == address and listener.node for listener in world.listeners
    )
    is_node = any(address in node.addresses for node in world.nodes)
    return address in client.addresses or is_node or not is_pod


def sources(world: World, client: Client, door: Door, policy: Policy) -> tuple[Sources, Rule]:
    """The addresses and ranges that may be seen, and the rule that says so; None where any may."""
    version = version_of(door.target.address)
    own = frozenset(address for address in client.addresses if version_of(address) == version)
    claimed = Feature.CLIENT_ADDRESS in world.claims.features
    if pod_keeps_its_address_at_a_cluster_ip(client, door) and claimed and own:
        return own, pod_keeps_its_address_at_a_cluster_ip.rule
    if policy_local_keeps_the_address_of_clients_outside(client, door, policy) and own:
        return own, policy_local_keeps_the_address_of_clients_outside.rule
    if node_is_seen_by_an_address_of_its_own_at_a_cluster_ip(client, door):
        nodes = [node for node in world.nodes if node.name == client.node and node.pod_ranges]
        if nodes:
            node = nodes[0]
            known = frozenset(client.addresses + node.addresses + node.pod_ranges)
            return known, node_is_seen_by_an_address_of_its_own_at_a_cluster_ip.rule
    open_to_all = source_of_other_connections_may_be_any(client, door)
    return None if open_to_all else own, source_of_other_connections_may_be_any.rule

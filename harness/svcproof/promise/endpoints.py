"""The endpoints that take new connections on a node, under either policy."""

from svcproof.model.behaviour import Level
from svcproof.model.vocabulary import Feature
from svcproof.promise.clauses import KEPS, SAFEGUARDS, SLICE_API, TRAFFIC_POLICY, VIRTUAL_IPS
from svcproof.promise.rulebook import rule
from svcproof.promise.slices import Listed
from svcproof.promise.world import Endpoint, Node

Endpoints = tuple[Listed, ...]


@rule(SLICE_API, Level.MUST, kep=752, since="1.21")
def ready_endpoint_is_used(endpoint: Endpoint) -> bool:
    """An endpoint that is ready takes new connections, and one that is not ready takes none while another is."""
    return endpoint.ready


@rule(
    VIRTUAL_IPS + "#traffic-to-terminating-endpoints",
    Level.MUST,
    kep=1669,
    since="1.28",
    feature=Feature.TERMINATING_ENDPOINTS,
)
def terminating_endpoint_that_serves_is_the_last_resort(endpoint: Endpoint) -> bool:
    """Where no endpoint is ready, those that are terminating and still serve take new connections.

    With policy Local this is decided on each node, among the endpoints of the node. An endpoint that is not ready and
    either not terminating or not serving takes none.
    """
    return endpoint.serving and endpoint.terminating


@rule(TRAFFIC_POLICY, Level.MUST, kep=2086, since="1.26")
def endpoint_is_local_to_the_node_it_names(endpoint: Endpoint, node: Node) -> bool:
    """An endpoint is local to the node that its nodeName says; without a nodeName it is local to none."""
    return endpoint.node == node.name


@rule(f"{KEPS}/3015-prefer-same-node", Level.SHOULD, kep=3015, since="1.35", feature=Feature.TRAFFIC_DISTRIBUTION)
def hints_for_nodes_are_followed(ready: Endpoints, node: Node) -> bool:
    """Where every ready endpoint is hinted for nodes and one for this node, those hinted for this node are used."""
    return all(listed.endpoint.nodes for listed in ready) and any(
        node.name in listed.endpoint.nodes for listed in ready
    )


@rule(SAFEGUARDS, Level.SHOULD, kep=2433, since="1.33", feature=Feature.TRAFFIC_DISTRIBUTION)
def hints_for_zones_are_followed(ready: Endpoints, node: Node) -> bool:
    """Where every ready endpoint is hinted for zones and one for this node's, those hinted for its zone are used.

    Hints for this node come first. Where one ready endpoint has no hint, or none is hinted for this zone, or the node
    is in no zone, all ready endpoints are used.
    """
    return all(listed.endpoint.zones for listed in ready) and any(
        node.zone in listed.endpoint.zones for listed in ready
    )


def cluster_wide(listed: Endpoints, node: Node) -> Endpoints:
    """The endpoints that take connections on this node with policy Cluster."""
    return _near(_ready(listed), node) or _last_resort(listed)


def node_local(listed: Endpoints, node: Node) -> Endpoints:
    """The endpoints that take connections on this node with policy Local: hints do not matter."""
    local = tuple(item for item in listed if endpoint_is_local_to_the_node_it_names(item.endpoint, node))
    return _ready(local) or _last_resort(local)


def _ready(listed: Endpoints) -> Endpoints:
    return tuple(item for item in listed if ready_endpoint_is_used(item.endpoint))


def _last_resort(listed: Endpoints) -> Endpoints:
    return tuple(item for item in listed if terminating_endpoint_that_serves_is_the_last_resort(item.endpoint))


def _near(ready: Endpoints, node: Node) -> Endpoints:
    if hints_for_nodes_are_followed(ready, node):
        return tuple(item for item in ready if node.name in item.endpoint.nodes)
    if hints_for_zones_are_followed(ready, node):
        return tuple(item for item in ready if node.zone in item.endpoint.zones)
    return ready

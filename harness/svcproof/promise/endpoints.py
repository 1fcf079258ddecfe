"""The endpoints that take new connections on a node, under either policy."""

from dataclasses import dataclass

from svcproof.model.behaviour import Level
from svcproof.model.vocabulary import Feature
from svcproof.promise.clauses import KEPS, SAFEGUARDS, SLICE_API, TRAFFIC_POLICY, VIRTUAL_IPS
from svcproof.promise.expectation import Rule
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
    """Endpoints that are terminating and still serve take new connections where no endpoint is ready.

    With policy Local each node decides among its own endpoints. An endpoint that is not ready takes none if it does
    not serve, or is not terminating.
    """
    return endpoint.serving and endpoint.terminating


@rule(TRAFFIC_POLICY, Level.MUST, kep=2086, since="1.26")
def endpoint_is_local_to_the_node_it_names(endpoint: Endpoint, node: Node) -> bool:
    """An endpoint is local to the node that its nodeName says; without a nodeName it is local to none."""
    return endpoint.node == node.name


@rule(f"{KEPS}/3015-prefer-same-node", Level.SHOULD, kep=3015, since="1.35", feature=Feature.TRAFFIC_DISTRIBUTION)
def hints_for_nodes_are_followed(ready: Endpoints, node: Node) -> bool:
    """Endpoints hinted for the node are preferred if every ready one is hinted for nodes, and one for this node."""
    return all(listed.endpoint.nodes for listed in ready) and any(
        node.name in listed.endpoint.nodes for listed in ready
    )


@rule(SAFEGUARDS, Level.SHOULD, kep=2433, since="1.33", feature=Feature.TRAFFIC_DISTRIBUTION)
def hints_for_zones_are_followed(ready: Endpoints, node: Node) -> bool:
    """Endpoints hinted for the node's zone are preferred if every ready one is hinted for zones, and one for this.

    Hints for nodes come first. If one ready endpoint has no hint, or none is hinted for this zone, or the node is in no
    zone, all ready endpoints are used alike. Hints have no say in who answers with policy Local, nor where no endpoint
    is ready.
    """
    return all(listed.endpoint.zones for listed in ready) and any(
        node.zone in listed.endpoint.zones for listed in ready
    )


@dataclass(frozen=True, slots=True)
class Choice:
    """The endpoints that take connections; `near` are those of them that hints prefer, and `rule` decided on it."""

    used: Endpoints
    near: Endpoints
    rule: Rule
    near_rule: Rule | None = None


def cluster_wide(listed: Endpoints, node: Node) -> Choice:
    """Return the endpoints that take connections on this node with policy Cluster."""
    ready = _ready(listed)
    if not ready:
        return _last_resort(listed)
    near, near_rule = _near(ready, node)
    return Choice(ready, near, ready_endpoint_is_used.rule, near_rule)


def node_local(listed: Endpoints, node: Node) -> Choice:
    """Return the endpoints that take connections on this node with policy Local: hints do not matter."""
    local = tuple(item for item in listed if endpoint_is_local_to_the_node_it_names(item.endpoint, node))
    ready = _ready(local)
    return Choice(ready, ready, endpoint_is_local_to_the_node_it_names.rule) if ready else _last_resort(local)


def _ready(listed: Endpoints) -> Endpoints:
    return tuple(item for item in listed if ready_endpoint_is_used(item.endpoint))


def _last_resort(listed: Endpoints) -> Choice:
    used = tuple(item for item in listed if terminating_endpoint_that_serves_is_the_last_resort(item.endpoint))
    return Choice(used, used, terminating_endpoint_that_serves_is_the_last_resort.rule)


def _near(ready: Endpoints, node: Node) -> tuple[Endpoints, Rule | None]:
    if hints_for_nodes_are_followed(ready, node):
        near = tuple(item for item in ready if node.name in item.endpoint.nodes)
        return near, hints_for_nodes_are_followed.rule
    if hints_for_zones_are_followed(ready, node):
        near = tuple(item for item in ready if node.zone in item.endpoint.zones)
        return near, hints_for_zones_are_followed.rule
    return ready, None

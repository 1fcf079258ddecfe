"""Which endpoints of a Service this node may send traffic to.

https://kubernetes.io/docs/reference/networking/virtual-ips/#traffic-policies
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from svcproof.reference_proxy.state import Endpoint, Node

Endpoints = tuple[Endpoint, ...]


@dataclass(frozen=True, slots=True)
class Usable:
    """What each policy may use: `cluster` endpoints anywhere, `local` those on this node."""

    cluster: Endpoints
    local: Endpoints


Choose = Callable[[Endpoints, Node], Usable]


def usable(listed: Endpoints, node: Node) -> Usable:
    """Choose from what the EndpointSlices list. Hints narrow the cluster's endpoints, never the local ones."""
    endpoints = distinct(listed)
    ready = tuple(one for one in endpoints if one.ready)
    return Usable(
        cluster=hinted(ready, node) if ready else draining(endpoints),
        local=_ready_or_draining(tuple(one for one in endpoints if one.node == node.name)),
    )


def distinct(listed: Iterable[Endpoint]) -> Endpoints:
    """Count an address and port once, however many slices list it; where they disagree, the readiest copy holds."""
    best: dict[tuple[str, int], Endpoint] = {}
    for one in sorted(listed, key=lambda one: (one.address, one.port, not one.ready, not one.serving, not one.node)):
        best.setdefault((one.address, one.port), one)
    return tuple(best.values())


def draining(endpoints: Endpoints) -> Endpoints:
    """Endpoints that end but still serve: better than none."""
    return tuple(one for one in endpoints if one.serving and one.terminating)


def hinted(ready: Endpoints, node: Node) -> Endpoints:
    """Those hinted for this node, else for its zone; all of them where a hint is missing or none fits.

    https://kubernetes.io/docs/concepts/services-networking/topology-aware-routing/#safeguards
    """
    on_node = tuple(one for one in ready if node.name in one.nodes)
    if on_node and all(one.nodes for one in ready):
        return on_node
    in_zone = tuple(one for one in ready if node.zone in one.zones)
    if in_zone and all(one.zones for one in ready):
        return in_zone
    return ready


def _ready_or_draining(endpoints: Endpoints) -> Endpoints:
    return tuple(one for one in endpoints if one.ready) or draining(endpoints)

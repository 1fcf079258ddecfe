"""The endpoints of a Service that this node may send traffic to.

https://kubernetes.io/docs/reference/networking/virtual-ips/#traffic-policies
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from svcproof.reference_proxy.state import Endpoint, Node

Endpoints = tuple[Endpoint, ...]


@dataclass(frozen=True, slots=True)
class Usable:
    """The endpoints that each policy may use: `cluster` those anywhere, `local` those on this node."""

    cluster: Endpoints
    local: Endpoints


Choose = Callable[[Endpoints, Node], Usable]


def usable(listed: Endpoints, node: Node) -> Usable:
    """Choose among the endpoints in the EndpointSlices; hints narrow those of the cluster, never the local ones."""
    endpoints = distinct(listed)
    ready = tuple(endpoint for endpoint in endpoints if endpoint.ready)
    local = tuple(endpoint for endpoint in endpoints if endpoint.node == node.name)
    return Usable(
        cluster=hinted(ready, node) if ready else draining(endpoints),
        local=tuple(endpoint for endpoint in local if endpoint.ready) or draining(local),
    )


def distinct(listed: Iterable[Endpoint]) -> Endpoints:
    """Count an address and port once, however many slices list it; where they disagree, the readiest copy holds."""
    best: dict[tuple[str, int], Endpoint] = {}
    for endpoint in sorted(listed, key=_rank):
        best.setdefault((endpoint.address, endpoint.port), endpoint)
    return tuple(best.values())


def draining(endpoints: Endpoints) -> Endpoints:
    """Return the endpoints that are ending but still serve: better than none."""
    return tuple(endpoint for endpoint in endpoints if endpoint.serving and endpoint.terminating)


def hinted(ready: Endpoints, node: Node) -> Endpoints:
    """Return those hinted for this node, else for its zone; all of them if a hint is missing or none fits.

    https://kubernetes.io/docs/concepts/services-networking/topology-aware-routing/#safeguards
    """
    on_node = tuple(endpoint for endpoint in ready if node.name in endpoint.nodes)
    if on_node and all(endpoint.nodes for endpoint in ready):
        return on_node
    in_zone = tuple(endpoint for endpoint in ready if node.zone in endpoint.zones)
    if in_zone and all(endpoint.zones for endpoint in ready):
        return in_zone
    return ready


def _rank(endpoint: Endpoint) -> tuple[str, int, bool, bool, bool]:
    """Return the key that sorts endpoints by address and port, the readiest copy first."""
    return endpoint.address, endpoint.port, not endpoint.ready, not endpoint.serving, not endpoint.node

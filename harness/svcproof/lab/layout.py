"""Names, addresses and routes of a lab, worked out from its declaration: a pure function.

outside-1 .101 ─┐
outside-2 .102 ─┤
node-a .11 ─────┼── bridge in the fabric namespace, .1: the API server (6443) and the default route, which leads nowhere
node-b .12 ─────┤
node-c .13 ─────┘
"""

from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address
from typing import TYPE_CHECKING

from svcproof.addresses import FIRST_NODE, FIRST_OUTSIDE, Range, Span

if TYPE_CHECKING:
    from svcproof.model.cluster_spec import ClusterSpec

API_PORT = 6443
KUBELET_PORT = 10250


@dataclass(frozen=True, slots=True)
class NodePlace:
    """A node: `netns` is its network namespace, `pod_ranges` its share of the cluster's pod range."""

    name: str
    netns: str
    zone: str
    addresses: tuple[str, ...]
    pod_ranges: tuple[Range, ...]


@dataclass(frozen=True, slots=True)
class OutsidePlace:
    """A client outside the cluster."""

    name: str
    netns: str
    addresses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DeclaredImage:
    """The command that runs for the images of a name or pattern; a server of the lab's own where it is empty."""

    pattern: str
    command: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Everything the parts of a lab agree on. Tuples of addresses and ranges hold one entry per IP family."""

    nodes: tuple[NodePlace, ...]
    outside: tuple[OutsidePlace, ...]
    fabric: tuple[str, ...]
    """Addresses of the fabric, where the API server listens for nodes and pods."""
    node_ranges: tuple[Range, ...]
    pod_ranges: tuple[Range, ...]
    service_ranges: tuple[Range, ...]
    external_ranges: tuple[Range, ...]
    load_balancer_pool: tuple[Span, ...]
    node_ports: range
    dns_domain: str
    api_service: tuple[str, ...]
    """ClusterIPs of default/kubernetes: the first address of each Service range."""
    dns_service: tuple[str, ...]
    """ClusterIPs of kube-system/kube-dns: the tenth address of each Service range."""
    images: tuple[DeclaredImage, ...] = ()


def layout(spec: "ClusterSpec") -> Layout:
    """Lay out the lab that `spec` declares; its ranges have been checked not to overlap."""
    first, last = (int(port) for port in spec.node_ports.split("-"))
    return Layout(
        nodes=tuple(
            NodePlace(
                name=node.name,
                netns=node.name,
                zone=node.zone,
                addresses=_nth(spec.node_ranges, FIRST_NODE + index),
                pod_ranges=tuple(_share(whole, index + 1) for whole in spec.pod_ranges),
            )
            for index, node in enumerate(spec.nodes)
        ),
        outside=tuple(
            OutsidePlace(f"outside-{n + 1}", f"outside-{n + 1}", _nth(spec.node_ranges, FIRST_OUTSIDE + n))
            for n in range(spec.outside)
        ),
        fabric=_nth(spec.node_ranges, 1),
        node_ranges=spec.node_ranges,
        pod_ranges=spec.pod_ranges,
        service_ranges=spec.service_ranges,
        external_ranges=spec.external_ranges,
        load_balancer_pool=tuple(Span(span.first, span.last) for span in spec.load_balancer_pool),
        node_ports=range(first, last + 1),
        dns_domain=spec.dns_domain,
        api_service=_nth(spec.service_ranges, 1),
        dns_service=_nth(spec.service_ranges, 10),
        images=tuple(DeclaredImage(pattern, image.command) for pattern, image in spec.images.items()),
    )


def _nth(ranges: tuple[Range, ...], index: int) -> tuple[str, ...]:
    return tuple(str(ip_address(int(whole.network_address) + index)) for whole in ranges)


def _share(whole: Range, index: int) -> Range:
    """The `index`-th /24 (IPv4) or /64 (IPv6) of a range."""
    size = 24 if isinstance(whole, IPv4Network) else 64
    width = 1 << (whole.max_prefixlen - size)
    start = int(whole.network_address) + index * width
    return IPv4Network((start, size)) if isinstance(whole, IPv4Network) else IPv6Network((start, size))

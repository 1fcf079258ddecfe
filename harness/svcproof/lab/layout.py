"""Names, addresses and routes of a lab, worked out from its configuration: a pure function.

outside-1 .101 ─┐
outside-2 .102 ─┤
node-a .11 ─────┼── bridge in the fabric namespace, .1: the API server (6443) and the default route, which leads nowhere
node-b .12 ─────┤
node-c .13 ─────┘
"""

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Network, ip_address

from svcproof.addresses import FIRST_NODE, FIRST_OUTSIDE, Range, Span

API_PORT = 6443
KUBELET_PORT = 10250


@dataclass(frozen=True, slots=True)
class NodeConfig:
    """A node to make; `zone` is the value of its label topology.kubernetes.io/zone."""

    name: str
    zone: str = ""


@dataclass(frozen=True, slots=True)
class ImageConfig:
    """The command that runs for the images of a name or pattern; a server of the lab's own where it is empty."""

    pattern: str
    command: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LabConfig:
    """A lab to make. Its ranges do not overlap; each tuple of ranges holds one entry per IP family."""

    nodes: tuple[NodeConfig, ...] = (NodeConfig("node-a", "zone-a"), NodeConfig("node-b", "zone-b"))
    outside: int = 2
    """Number of clients outside the cluster."""
    node_ranges: tuple[Range, ...] = (IPv4Network("172.30.0.0/24"),)
    pod_ranges: tuple[Range, ...] = (IPv4Network("10.244.0.0/16"),)
    service_ranges: tuple[Range, ...] = (IPv4Network("10.96.0.0/16"),)
    external_ranges: tuple[Range, ...] = (IPv4Network("198.51.100.0/24"),)
    load_balancer_pool: tuple[Span, ...] = (Span(IPv4Address("172.30.0.200"), IPv4Address("172.30.0.239")),)
    node_ports: range = range(30000, 32768)
    dns_domain: str = "cluster.local"
    images: tuple[ImageConfig, ...] = ()


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
    images: tuple[ImageConfig, ...] = ()

    @property
    def places(self) -> dict[str, str]:
        """The network namespace of each node and each client outside, by its name."""
        nodes = {node.name: node.netns for node in self.nodes}
        return nodes | {client.name: client.netns for client in self.outside}


def layout(config: LabConfig) -> Layout:
    """Lay out a lab."""
    return Layout(
        nodes=tuple(
            NodePlace(
                name=node.name,
                netns=node.name,
                zone=node.zone,
                addresses=_nth(config.node_ranges, FIRST_NODE + index),
                pod_ranges=tuple(_share(whole, index + 1) for whole in config.pod_ranges),
            )
            for index, node in enumerate(config.nodes)
        ),
        outside=tuple(
            OutsidePlace(f"outside-{n + 1}", f"outside-{n + 1}", _nth(config.node_ranges, FIRST_OUTSIDE + n))
            for n in range(config.outside)
        ),
        fabric=_nth(config.node_ranges, 1),
        node_ranges=config.node_ranges,
        pod_ranges=config.pod_ranges,
        service_ranges=config.service_ranges,
        external_ranges=config.external_ranges,
        load_balancer_pool=config.load_balancer_pool,
        node_ports=config.node_ports,
        dns_domain=config.dns_domain,
        api_service=_nth(config.service_ranges, 1),
        dns_service=_nth(config.service_ranges, 10),
        images=config.images,
    )


def _nth(ranges: tuple[Range, ...], index: int) -> tuple[str, ...]:
    return tuple(str(ip_address(int(whole.network_address) + index)) for whole in ranges)


def _share(whole: Range, index: int) -> Range:
    """The `index`-th /24 (IPv4) or /64 (IPv6) of a range."""
    size = 24 if isinstance(whole, IPv4Network) else 64
    width = 1 << (whole.max_prefixlen - size)
    start = int(whole.network_address) + index * width
    return IPv4Network((start, size)) if isinstance(whole, IPv4Network) else IPv6Network((start, size))

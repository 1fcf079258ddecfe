"""The wiring of a lab, as lines of `ip -batch`: pure functions of the layout.

The lab's own process lives in the fabric's namespace, so what concerns the fabric needs no namespace of its own.
"""

from collections.abc import Iterator
from ipaddress import ip_address, ip_network

from svcproof.lab.layout import Layout, NodePlace, OutsidePlace

FABRIC = "fabric"
BRIDGE = "fabric0"
UPLINK = "eth0"
"""The device by which a node, an outside client or a pod reaches the rest."""
GATEWAY = "169.254.1.1"
"""The gateway of a pod. No device has this address: the node answers ARP for it (proxy_arp)."""

Sysctls = dict[str, str]
"""Values by their paths below /proc/sys/net."""

OF_ITS_OWN: Sysctls = {
    f"ipv4/conf/{devices}/{name}": "0"
    for devices in ("all", "default")
    for name in (
        "accept_local",
        "arp_accept",
        "arp_announce",
        "arp_filter",
        "arp_ignore",
        "arp_notify",
        "disable_policy",
        "disable_xfrm",
        "drop_gratuitous_arp",
        "drop_unicast_in_l2_multicast",
        "proxy_arp",
        "route_localnet",
        "src_valid_mark",
    )
}
"""The kernel's first values of what a new namespace has from the machine: a node of a real cluster has others.

https://docs.kernel.org/admin-guide/sysctl/net.html#devconf-inherit-init-net
"""
ROUTER: Sysctls = {
    # Turning forwarding on resets what is per device, so it comes first.
    "ipv4/ip_forward": "1",
    **OF_ITS_OWN,
    # A reply may leave by another device than the one the request came in by.
    "ipv4/conf/all/rp_filter": "0",
    "ipv4/conf/default/rp_filter": "0",
    # A node that sends a packet back out of eth0 must not teach the client a short cut around the proxy.
    "ipv4/conf/all/send_redirects": "0",
    "ipv4/conf/default/send_redirects": "0",
    # A refusal must not turn into silence because another one went out a moment before.
    "ipv4/icmp_ratemask": "0",
}
HOST: Sysctls = {
    **OF_ITS_OWN,
    "ipv4/conf/all/rp_filter": "0",
    "ipv4/conf/default/rp_filter": "0",
    "ipv4/conf/all/accept_redirects": "0",
    "ipv4/conf/default/accept_redirects": "0",
}

POD: Sysctls = {
    **OF_ITS_OWN,
    # As containerd does, so that a container without NET_BIND_SERVICE serves port 80 (enable_unprivileged_ports).
    "ipv4/ip_unprivileged_port_start": "0",
}


def fabric(layout: Layout, process: int) -> Iterator[str]:
    """Yield the lines for the bridge of the nodes' network, and the router behind it that drops all other traffic.

    Its namespace is the one this `process` is in.
    """
    yield f"netns attach {FABRIC} {process}"
    yield "link set lo up"
    yield f"link add {BRIDGE} type bridge stp_state 0 forward_delay 0 mcast_snooping 0"
    for address in _with_prefix(layout.fabric, layout):
        yield f"address add {address} dev {BRIDGE}"
    yield f"link set {BRIDGE} up"
    yield "route add blackhole default"
    for node in layout.nodes:
        yield from _pod_routes(node)


def place(netns: str, port: str) -> Iterator[str]:
    """Yield the lines for a namespace on the fabric's bridge, linked by the port of this name."""
    yield f"netns add {netns}"
    yield f"link add {port} type veth peer name {UPLINK} netns {netns}"
    yield f"link set {port} master {BRIDGE} up"


def node(layout: Layout, node: NodePlace) -> Iterator[str]:
    """Yield the lines inside a node: routes to the other nodes' pods, and the default route to the fabric."""
    yield from _uplink(layout, node.addresses)
    for other in layout.nodes:
        if other is not node:
            yield from _pod_routes(other)
    for pods in node.pod_ranges:
        # Else an address of no pod would go back and forth between the node and the fabric.
        yield f"route add blackhole {pods}"


def outside(layout: Layout, client: OutsidePlace) -> Iterator[str]:
    """Yield the lines inside an outside client, which reaches Service and external addresses through the first node."""
    yield from _uplink(layout, client.addresses)
    if not layout.nodes:
        return
    for target in (*layout.service_ranges, *layout.external_ranges):
        for gateway in layout.nodes[0].addresses:
            if ip_address(gateway).version == target.version:
                yield f"route add {target} via {gateway}"


def new_pod(netns: str, port: str, node: NodePlace) -> Iterator[str]:
    """Yield the lines for a pod's namespace, with a link into its node's."""
    yield f"netns add {netns}"
    yield f"link add {UPLINK} netns {netns} type veth peer name {port} netns {node.netns}"


def pod(addresses: tuple[str, ...]) -> Iterator[str]:
    """Yield the lines inside a pod: its link is point-to-point, with nothing on it but the gateway."""
    yield "link set lo up"
    yield f"link set {UPLINK} up"
    for address in addresses:
        yield f"address add {ip_network(address)} dev {UPLINK}"
    yield f"route add {GATEWAY} dev {UPLINK} scope link"
    yield f"route add default via {GATEWAY} dev {UPLINK}"


def pod_port(port: str, node: NodePlace, addresses: tuple[str, ...]) -> Iterator[str]:
    """Yield the lines inside the node for its end of a pod's link, which has no address.

    With one, masquerading would choose it, and the node would be seen under an address that is not its own.
    """
    yield f"link set {port} up"
    for address, source in zip(addresses, node.addresses, strict=False):
        yield f"route add {ip_network(address)} dev {port} src {source}"


def port_sysctls(port: str) -> Sysctls:
    """Return the sysctls that have the node answer ARP at once for every address that the pod asks for."""
    return {f"ipv4/conf/{port}/proxy_arp": "1", f"ipv4/neigh/{port}/proxy_delay": "0"}


def _uplink(layout: Layout, addresses: tuple[str, ...]) -> Iterator[str]:
    yield "link set lo up"
    for address in _with_prefix(addresses, layout):
        yield f"address add {address} dev {UPLINK}"
    yield f"link set {UPLINK} up"
    for gateway in layout.fabric:
        yield f"route add default via {gateway}"


def _pod_routes(node: NodePlace) -> Iterator[str]:
    for pods, address in zip(node.pod_ranges, node.addresses, strict=False):
        yield f"route add {pods} via {address}"


def _with_prefix(addresses: tuple[str, ...], layout: Layout) -> Iterator[str]:
    for address, whole in zip(addresses, layout.node_ranges, strict=False):
        yield f"{address}/{whole.prefixlen}"

"""Rules between the fields of a cluster: a pure function of its declaration."""

from collections.abc import Iterable, Iterator
from ipaddress import IPv4Address, IPv6Address, ip_network
from itertools import combinations
from pathlib import Path

from svcproof.addresses import FIRST_NODE, FIRST_OUTSIDE, Range
from svcproof.declare.document import Loc, Mistake
from svcproof.declare.kind_clusters import check_kind
from svcproof.model.cluster_spec import AddressSpan, ClusterSpec

RANGES = ("podRanges", "serviceRanges", "nodeRanges", "externalRanges")
NETWORK_NAMESPACES = ("fabric", "outside-", "pod-")
"""Beginnings of the names of network namespaces that are not nodes'."""
FEWEST_NODE_PORTS = 64
TAKEN_PORTS = {10250: "the kubelet", 10256: "a proxy's health check"}
RESERVED = tuple(
    ip_network(text)
    for text in ("0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/3", "::/127", "fe80::/10", "ff00::/8")
)
"""Ranges not routed, or leading to the sender. https://www.iana.org/assignments/iana-ipv4-special-registry/."""
POD_SHARE = 24
"""Prefix length of one node's share of an IPv4 pod range."""


def check(spec: ClusterSpec) -> Iterator[Mistake]:
    """Yield what is wrong with a declaration whose single values are right; a cluster that exists tells the rest."""
    yield from _nodes(spec)
    yield from _node_ports(spec)
    if spec.provider == "lab":
        yield from _lab(spec)
    else:
        yield from _of_labs_alone(spec)
    if spec.provider != "kubeconfig":
        yield from _families(spec)
        yield from _ranges(spec)
    if spec.provider == "kind":
        yield from check_kind(spec)


def rooted(spec: ClusterSpec, folder: Path) -> ClusterSpec:
    """Make the relative paths in `spec` relative to `folder`, the declaration's."""
    parts = {
        "kubeconfig": spec.kubeconfig.model_copy(update={"path": _below(folder, spec.kubeconfig.path)}),
        "metallb": spec.metallb.model_copy(update={"manifest": _below(folder, spec.metallb.manifest)}),
    }
    return spec.model_copy(update=parts)


def _below(folder: Path, path: str) -> str:
    return str(folder / Path(path).expanduser()) if path else ""


def _nodes(spec: ClusterSpec) -> Iterator[Mistake]:
    names = [node.name for node in spec.nodes]
    for index, name in enumerate(names):
        if name in names[:index]:
            yield Mistake(("nodes", index, "name"), f"there is another node {name}")


def _node_ports(spec: ClusterSpec) -> Iterator[Mistake]:
    first, last = (int(port) for port in spec.node_ports.split("-"))
    if not 1 <= first <= last <= 65535:
        yield Mistake(("nodePorts",), f"{spec.node_ports} is not a range of ports: first-last, from 1 to 65535")
    elif last - first + 1 < FEWEST_NODE_PORTS:
        what = f"{spec.node_ports} has {last - first + 1} ports: the checks need at least {FEWEST_NODE_PORTS}"
        yield Mistake(("nodePorts",), what)
    for port, owner in TAKEN_PORTS.items():
        if spec.provider == "lab" and first <= port <= last:
            yield Mistake(("nodePorts",), f"{spec.node_ports} holds {port}, which {owner} of each node has")


def _lab(spec: ClusterSpec) -> Iterator[Mistake]:
    if not spec.nodes:
        yield Mistake(("nodes",), "a lab needs at least one node")
    for index, node in enumerate(spec.nodes):
        if node.name.startswith(NETWORK_NAMESPACES):
            yield Mistake(("nodes", index, "name"), f"{node.name} is a name the lab gives to something else")
    if spec.control_plane_version and spec.control_plane == "builtin":
        yield Mistake(
            ("controlPlaneVersion",), "the builtin control plane has no version: say `controlPlane: kubernetes`"
        )
    if "ipv6" in spec.families:
        yield Mistake(("families",), "the lab has no IPv6 yet: declare [ipv4] only")
    yield from _room(spec)
    yield from _pool(spec)


def _of_labs_alone(spec: ClusterSpec) -> Iterator[Mistake]:
    if spec.images:
        yield Mistake(("images",), f"only a lab has stand-ins for images: a cluster of {spec.provider} pulls them")
    for key, declared in (
        ("controlPlane", spec.control_plane != "builtin"),
        ("controlPlaneVersion", spec.control_plane_version),
    ):
        if declared:
            yield Mistake((key,), f"only a lab's control plane can be chosen: a cluster of {spec.provider} has its own")
    if spec.dns != "builtin":
        yield Mistake(("dns",), f"only a lab's DNS can be chosen: a cluster of {spec.provider} has its own")


def _families(spec: ClusterSpec) -> Iterator[Mistake]:
    if not spec.families or len(set(spec.families)) < len(spec.families):
        yield Mistake(("families",), "name each IP family once, the primary one first")
    for key, ranges in _declared(spec):
        families = tuple(f"ipv{range_.version}" for range_ in ranges)
        if key != "externalRanges" and families != spec.families and (families or spec.provider == "lab"):
            yield Mistake((key,), f"needs one range per IP family, in the order of families: {_list(spec.families)}")
        elif wrong := set(families) - set(spec.families):
            yield Mistake((key,), f"has a range of a family the cluster is without: {_list(sorted(wrong))}")


def _ranges(spec: ClusterSpec) -> Iterator[Mistake]:
    everything = [((key, index), range_) for key, ranges in _declared(spec) for index, range_ in enumerate(ranges)]
    for loc, range_ in everything:
        if any(_overlap(range_, reserved) for reserved in RESERVED):
            yield Mistake(
                loc, f"{range_} is loopback, link-local, multicast or no address: packets are not routed there"
            )
    for ((key, _), range_), (loc, other) in combinations(everything, 2):
        if _overlap(range_, other):
            yield Mistake(loc, f"{other} overlaps {range_} of {key}")


def _room(spec: ClusterSpec) -> Iterator[Mistake]:
    for index, whole in enumerate(spec.node_ranges):
        if len(spec.nodes) > FIRST_OUTSIDE - FIRST_NODE:
            yield Mistake(("nodes",), f"more than {FIRST_OUTSIDE - FIRST_NODE} nodes")
        if whole.num_addresses < FIRST_OUTSIDE + spec.outside + 1:
            yield Mistake(("nodeRanges", index), f"{whole} is too small: clients outside begin at its 101st address")
    for index, whole in enumerate(spec.pod_ranges):
        shares = 1 << max(0, POD_SHARE - whole.prefixlen)
        if whole.version == 4 and shares < len(spec.nodes) + 1:
            what = f"{whole} is too small for {len(spec.nodes)} nodes: each takes a /{POD_SHARE}, the first stays free"
            yield Mistake(("podRanges", index), what)
    for index, whole in enumerate(spec.service_ranges):
        if whole.num_addresses < 64:
            yield Mistake(("serviceRanges", index), f"{whole} is too small: the checks need at least 64 addresses")


def _pool(spec: ClusterSpec) -> Iterator[Mistake]:
    for index, span in enumerate(spec.load_balancer_pool):
        loc: Loc = ("loadBalancerPool", index)
        if span.first.version != span.last.version or int(span.first) > int(span.last):
            yield Mistake(loc, f"{_words(span)} does not run from a first to a last address")
            continue
        home = next((range_ for range_ in spec.node_ranges if span.first in range_ and span.last in range_), None)
        if home is None and spec.node_ranges:
            yield Mistake(loc, f"{_words(span)} is outside the node network {_list(map(str, spec.node_ranges))}")
        for owner, address in _taken(spec, home) if home else ():
            if _within(address, span):
                yield Mistake(loc, f"{_words(span)} holds {address}, which is {owner}")
        for other in spec.load_balancer_pool[:index]:
            if _within(span.first, other) or _within(other.first, span):
                yield Mistake(loc, f"{_words(span)} overlaps {_words(other)}")


def _taken(spec: ClusterSpec, home: Range) -> Iterator[tuple[str, IPv4Address | IPv6Address]]:
    """Yield what already has an address in a node range; `harness/svcproof/lab/layout.py` gives them out."""
    start = home.network_address
    yield "the range's own", start
    yield "the fabric's", start + 1
    for index, node in enumerate(spec.nodes):
        yield f"the address of {node.name}", start + FIRST_NODE + index
    for index in range(spec.outside):
        yield f"the address of outside-{index + 1}", start + FIRST_OUTSIDE + index
    yield "the broadcast address", home.broadcast_address


def _declared(spec: ClusterSpec) -> Iterator[tuple[str, tuple[Range, ...]]]:
    return zip(RANGES, (spec.pod_ranges, spec.service_ranges, spec.node_ranges, spec.external_ranges), strict=True)


def _overlap(range_: Range, other: Range) -> bool:
    if range_.version != other.version:
        return False
    return int(range_[0]) <= int(other[-1]) and int(other[0]) <= int(range_[-1])


def _within(address: IPv4Address | IPv6Address, span: AddressSpan) -> bool:
    return address.version == span.first.version and int(span.first) <= int(address) <= int(span.last)


def _words(span: AddressSpan) -> str:
    return f"{span.first}-{span.last}"


def _list(words: Iterable[str]) -> str:
    return ", ".join(words) or "none"

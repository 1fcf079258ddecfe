"""Discovery of a cluster's nodes, ranges and families by its API."""

from collections import Counter
from collections.abc import Mapping, Sequence
from ipaddress import ip_address, ip_network
from typing import Any

from svcproof.addresses import Range
from svcproof.errors import ProvisionError, Rejected
from svcproof.json_objects import Object
from svcproof.kubernetes.api import Kube
from svcproof.kubernetes.objects.status import has_condition
from svcproof.model.cluster import Node
from svcproof.model.cluster_spec import ClusterSpec
from svcproof.yaml_reading import MANIFEST, Unsound, parse

ZONE = "topology.kubernetes.io/zone"
CONTROL_PLANE = "node-role.kubernetes.io/control-plane"
SAMPLE_NODES = 3
"""The number of nodes that get sample pods: no behaviour needs more."""


def nodes(kube: Kube) -> tuple[Node, ...]:
    """The nodes that run pods, by name; `addresses` are their InternalIPs as the API orders them."""
    return tuple(sorted(map(_node, kube.list("Node")), key=lambda node: node.name))


def not_ready(objects: Sequence[Object]) -> tuple[str, ...]:
    """Names of nodes that are not Ready."""
    return tuple(node["metadata"]["name"] for node in objects if not has_condition(node, "Ready"))


def unfit(node: Object) -> str:
    """The reason why a node gets no sample pods; empty where it may have some. They tolerate all taints."""
    if not has_condition(node, "Ready"):
        return "not Ready"
    if node["spec"].get("unschedulable"):
        return "cordoned"
    system = node["metadata"].get("labels", {}).get("kubernetes.io/os", "linux")
    return "" if system == "linux" else f"runs {system}"


def chosen(objects: Sequence[Object]) -> tuple[Node, ...]:
    """Up to three of the nodes that may have sample pods: workers first, of as many zones as there are."""
    candidates = sorted(
        (node for node in objects if not unfit(node)),
        key=lambda node: (CONTROL_PLANE in node["metadata"].get("labels", {}), node["metadata"]["name"]),
    )
    nodes_in_zone: Counter[str] = Counter()
    turns: list[tuple[bool, int, int]] = []
    for node in candidates:
        zone = node["metadata"].get("labels", {}).get(ZONE, "")
        control_plane = CONTROL_PLANE in node["metadata"].get("labels", {})
        turns.append((control_plane, nodes_in_zone[zone], len(turns)))
        nodes_in_zone[zone] += 1
    return tuple(_node(candidates[index]) for *_, index in sorted(turns)[:SAMPLE_NODES])


def completed(kube: Kube, spec: ClusterSpec, objects: Sequence[Object]) -> ClusterSpec:
    """The declaration with what the cluster tells of itself; `objects` are its Nodes."""
    kubeadm = kubeadm_configuration(kube)
    networking = kubeadm.get("networking") or {}
    discovered = {
        "service_ranges": service_ranges(kube, networking),
        "pod_ranges": pod_ranges(objects, networking),
        "node_ports": node_ports(kubeadm) or spec.node_ports,
        "dns_domain": networking.get("dnsDomain") or spec.dns_domain,
    }
    return spec.model_copy(update=discovered)


def service_ranges(kube: Kube, kubeadm: Mapping[str, Any]) -> tuple[Range, ...]:
    """The ranges of ClusterIPs, the primary family's first; without any hint, the network around the first ClusterIP.

    https://kubernetes.io/docs/concepts/services-networking/cluster-ip-allocation/
    """
    try:
        served = kube.list("ServiceCIDR")
    except Rejected:  # Kubernetes before 1.33, or not ours to read
        served = []
    named = [item for item in served if item["metadata"]["name"] == "kubernetes"]
    ranges = [cidr for item in named for cidr in item["spec"]["cidrs"]]
    ranges = ranges or _listed(kubeadm.get("serviceSubnet"))
    if ranges:
        return tuple(map(ip_network, ranges))
    addresses = kube.get("Service", "kubernetes", "default")["spec"]["clusterIPs"]
    return tuple(
        ip_network(f"{item}/{16 if ip_address(item).version == 4 else 112}", strict=False) for item in addresses
    )


def pod_ranges(objects: Sequence[Object], kubeadm: Mapping[str, Any]) -> tuple[Range, ...]:
    """The ranges of pods' addresses, as far as kubeadm or the nodes tell: not every network keeps to the latter."""
    shares = (share for node in objects for share in node["spec"].get("podCIDRs") or ())
    return tuple(map(ip_network, _listed(kubeadm.get("podSubnet")) or shares))


def kubeadm_configuration(kube: Kube) -> Mapping[str, Any]:
    """The ClusterConfiguration that kubeadm has left; empty where there is none, or it is not ours to read."""
    try:
        data = kube.get("ConfigMap", "kubeadm-config", "kube-system").get("data", {})
    except Rejected:
        return {}
    try:
        parts = parse(data.get("ClusterConfiguration", ""), MANIFEST)
    except Unsound as error:
        raise ProvisionError(f"the ConfigMap kube-system/kubeadm-config of the cluster is no YAML: {error}") from error
    configuration = parts[0].value if parts else {}
    return configuration if isinstance(configuration, dict) else {}


def node_ports(kubeadm: Mapping[str, Any]) -> str:
    """The range of node ports that kubeadm gave the API server; empty: the default."""
    extra = kubeadm.get("apiServer", {}).get("extraArgs") or ()
    pairs = extra.items() if isinstance(extra, dict) else ((argument["name"], argument["value"]) for argument in extra)
    return str(dict(pairs).get("service-node-port-range", ""))


def families(ranges: Sequence[Range]) -> tuple[str, ...]:
    """The IP families of ranges, each once."""
    return tuple(dict.fromkeys(f"ipv{network.version}" for network in ranges))


def _listed(text: str | None) -> list[str]:
    return [item.strip() for item in (text or "").split(",") if item.strip()]


def _node(node: Object) -> Node:
    addresses = node.get("status", {}).get("addresses") or ()
    internal = tuple(address["address"] for address in addresses if address["type"] == "InternalIP")
    metadata = node["metadata"]
    return Node(metadata["name"], internal, metadata.get("labels", {}).get(ZONE, ""))

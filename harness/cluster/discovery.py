"""What a cluster that is up tells of itself."""

from collections.abc import Sequence

from harness.kube import Kube
from harness.model.cluster import Node, Object

ZONE = "topology.kubernetes.io/zone"


def nodes(kube: Kube) -> tuple[Node, ...]:
    """The nodes that run pods, by name; `addresses` are their InternalIPs as the API orders them."""
    return tuple(sorted(map(_node, kube.list("Node")), key=lambda node: node.name))


def not_ready(objects: Sequence[Object]) -> tuple[str, ...]:
    """Names of nodes that are not Ready."""
    return tuple(one["metadata"]["name"] for one in objects if not _is_ready(one))


def _is_ready(one: Object) -> bool:
    conditions = one.get("status", {}).get("conditions") or ()
    return any(condition["type"] == "Ready" and condition["status"] == "True" for condition in conditions)


def _node(one: Object) -> Node:
    addresses = one.get("status", {}).get("addresses") or ()
    internal = tuple(address["address"] for address in addresses if address["type"] == "InternalIP")
    metadata = one["metadata"]
    return Node(metadata["name"], internal, metadata.get("labels", {}).get(ZONE, ""))

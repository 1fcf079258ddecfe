"""Is the cluster itself well? Where it is not, nothing that is seen in it speaks against its proxy."""

from collections.abc import Iterable

from svcproof.errors import ProbeError, Rejected
from svcproof.json_objects import Object
from svcproof.kubernetes.api import Kube
from svcproof.kubernetes.cluster.discovery import not_ready
from svcproof.model.cluster import Node


def trouble(kube: Kube, nodes: Iterable[Node]) -> str:
    """What is wrong with the API server or these nodes, in words; empty where all is well, or may not be looked at."""
    try:
        there = {one["metadata"]["name"]: one for one in kube.list("Node")}
    except Rejected as refusal:
        return "" if refusal.forbidden else str(refusal)
    except ProbeError as error:
        return f"the API server does not answer: {error}"
    for node in nodes:
        if node.name not in there:
            return f"node {node.name} is gone"
        if not_ready([there[node.name]]):
            return f"node {node.name} is not Ready: {_why(there[node.name])}"
    return ""


def _why(node: Object) -> str:
    conditions = node.get("status", {}).get("conditions") or ()
    ready = (one for one in conditions if one["type"] == "Ready")
    return next((one.get("message") or one.get("reason") for one in ready), None) or "no reason is given"

"""The obstacles to running a pod on a node: pure functions, by the rules of kube-scheduler's filters.

https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/
"""

from collections.abc import Iterable, Sequence

from svcproof.json_objects import Object
from svcproof.lab.controllers.pod import is_ready
from svcproof.lab.controllers.selector import contains, labels_of, matches, satisfies

UNSCHEDULABLE = {"key": "node.kubernetes.io/unschedulable", "effect": "NoSchedule"}


def obstacle(pod: Object, node: Object, neighbours: Sequence[Object]) -> str:
    """Say why `pod` cannot run on `node`, beside its `neighbours`; empty where it can."""
    if not is_ready(node):
        return "node is not ready"
    if not contains(labels_of(node), pod["spec"].get("nodeSelector") or {}) or not _has_affinity(pod, node):
        return "node does not match the pod's node selector or affinity"
    if taint := _untolerated(node, pod["spec"].get("tolerations") or ()):
        return f"node has the untolerated taint {taint['key']}"
    if set(_host_ports(pod)) & {port for other in neighbours for port in _host_ports(other)}:
        return "node has no free ports for the pod's host ports"
    if any(_repels(pod, other) or _repels(other, pod) for other in neighbours):
        return "node has pods that anti-affinity keeps apart"
    return ""


def _has_affinity(pod: Object, node: Object) -> bool:
    affinity = (pod["spec"].get("affinity") or {}).get("nodeAffinity") or {}
    required = affinity.get("requiredDuringSchedulingIgnoredDuringExecution")
    return required is None or any(_meets(node, term) for term in required["nodeSelectorTerms"])


def _meets(node: Object, term: Object) -> bool:
    expressions, fields = term.get("matchExpressions") or (), term.get("matchFields") or ()
    name = {"metadata.name": node["metadata"]["name"]}
    return bool(expressions or fields) and (
        all(satisfies(labels_of(node), requirement) for requirement in expressions)
        and all(satisfies(name, requirement) for requirement in fields)
    )


def _untolerated(node: Object, tolerations: Sequence[Object]) -> Object | None:
    """The first taint that keeps a pod away; an unschedulable node counts as tainted even before the taint is there."""
    taints = [taint for taint in node["spec"].get("taints") or () if taint["effect"] in ("NoSchedule", "NoExecute")]
    taints += [UNSCHEDULABLE] if node["spec"].get("unschedulable") else []
    return next((taint for taint in taints if not any(_tolerates(entry, taint) for entry in tolerations)), None)


def _tolerates(toleration: Object, taint: Object) -> bool:
    key = toleration.get("key")
    same_value = toleration.get("operator") == "Exists" or toleration.get("value", "") == taint.get("value", "")
    return (not key or key == taint["key"]) and same_value and toleration.get("effect") in (None, "", taint["effect"])


def _host_ports(pod: Object) -> Iterable[tuple[str, int]]:
    for container in pod["spec"]["containers"]:
        for port in container.get("ports") or ():
            if port.get("hostPort"):
                yield port.get("protocol", "TCP"), port["hostPort"]


def _repels(pod: Object, other: Object) -> bool:
    """True if `pod` requires not to be beside `other`: only anti-affinity by node is known here."""
    affinity = (pod["spec"].get("affinity") or {}).get("podAntiAffinity") or {}
    terms = affinity.get("requiredDuringSchedulingIgnoredDuringExecution") or ()
    if pod["metadata"]["namespace"] != other["metadata"]["namespace"]:
        return False
    return any(
        term.get("topologyKey") == "kubernetes.io/hostname" and matches(labels_of(other), term["labelSelector"])
        for term in terms
    )

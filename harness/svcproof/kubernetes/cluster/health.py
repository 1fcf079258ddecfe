"""The health of a cluster and of its proxy's pods.

Where a cluster is not well, nothing in it speaks against its proxy.
"""

from collections.abc import Iterable
from datetime import datetime

from svcproof.errors import ProbeError, Rejected
from svcproof.json_objects import Object
from svcproof.kubernetes.api import Kube
from svcproof.kubernetes.cluster.discovery import not_ready
from svcproof.kubernetes.cluster.reach import ProxyPods
from svcproof.kubernetes.objects.rollout import pod_log
from svcproof.model.cluster import Node

LAST_LINES = 60


def cluster_trouble(kube: Kube, nodes: Iterable[Node]) -> str:
    """The trouble with the API server or these nodes, in words; empty where all is well, or may not be looked at."""
    try:
        existing = {node["metadata"]["name"]: node for node in kube.list("Node")}
    except Rejected as refusal:
        return "" if refusal.forbidden else str(refusal)
    except ProbeError as error:
        return f"the API server does not answer: {error}"
    for node in nodes:
        if node.name not in existing:
            return f"node {node.name} is gone"
        if not_ready([existing[node.name]]):
            return f"node {node.name} is not Ready: {_why(existing[node.name])}"
    return ""


def _why(node: Object) -> str:
    conditions = node.get("status", {}).get("conditions") or ()
    ready = (condition for condition in conditions if condition["type"] == "Ready")
    return (
        next((condition.get("message") or condition.get("reason") for condition in ready), None) or "no reason is given"
    )


def proxy_trouble(kube: Kube, known: ProxyPods, since: datetime | None = None) -> str:
    """The reason why the proxy does not run on a node, with its last log lines; empty if it runs, or is not known.

    With `since`, also where it was restarted since then.
    """
    for pod in proxy_pods(kube, known):
        for status in pod.get("status", {}).get("containerStatuses") or ():
            why = "is not ready" if not status.get("ready") else since and restarted(status, since)
            if why:
                name = pod["metadata"]["name"]
                return f"{name} on {pod['spec'].get('nodeName', 'no node')} {why}: {pod_log(kube, pod, LAST_LINES)}"
    return ""


def restarted(status: Object, since: datetime) -> str:
    """The end of a container that runs again, in words; empty where it has run since then."""
    began = status.get("state", {}).get("running", {}).get("startedAt")
    if not began or datetime.fromisoformat(began) < since:
        return ""
    last = status.get("lastState", {}).get("terminated") or {}
    return (
        f"was started again at {began} ({last.get('reason') or 'no reason is given'}, exit code {last.get('exitCode')})"
    )


def proxy_pods(kube: Kube, known: ProxyPods) -> list[Object]:
    """The pods of the proxy under test; none where they are not known."""
    return kube.list("Pod", known.namespace, known.selector) if known.selector else []

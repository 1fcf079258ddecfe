"""What the pods of the proxy under test tell of it."""

from collections.abc import Iterator

from harness.cluster.reach import ProxyPods
from harness.install.rollout import log
from harness.kube import Kube
from harness.model.cluster import Object

LAST_LINES = 60


def trouble(kube: Kube, known: ProxyPods) -> str:
    """Why the proxy does not run on some node, with its last words; empty where it does, or is not known."""
    for pod in _pods(kube, known):
        for status in pod.get("status", {}).get("containerStatuses") or ():
            if not status.get("ready"):
                name = pod["metadata"]["name"]
                return f"{name} on {pod['spec'].get('nodeName', 'no node')} is not ready: {log(kube, pod, LAST_LINES)}"
    return ""


def logs(kube: Kube, known: ProxyPods) -> Iterator[tuple[str, str]]:
    """The last lines of each pod's log, by title."""
    for pod in _pods(kube, known):
        yield (
            f"proxy log of {pod['metadata']['name']} on {pod['spec'].get('nodeName', 'no node')}",
            log(kube, pod, LAST_LINES),
        )


def _pods(kube: Kube, known: ProxyPods) -> list[Object]:
    return kube.list("Pod", known.namespace, known.selector) if known.selector else []

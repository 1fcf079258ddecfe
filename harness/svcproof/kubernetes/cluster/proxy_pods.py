"""What the pods of the proxy under test tell of it."""

from collections.abc import Iterator
from datetime import datetime

from svcproof.json_objects import Object
from svcproof.kubernetes.api import Kube
from svcproof.kubernetes.cluster.reach import ProxyPods
from svcproof.kubernetes.objects.rollout import pod_log

LAST_LINES = 60


def trouble(kube: Kube, known: ProxyPods, since: datetime | None = None) -> str:
    """Why the proxy does not run on some node, with its last words; empty where it does, or is not known.

    With `since`, also where it was restarted since then.
    """
    for pod in _pods(kube, known):
        for status in pod.get("status", {}).get("containerStatuses") or ():
            why = "is not ready" if not status.get("ready") else since and restarted(status, since)
            if why:
                name = pod["metadata"]["name"]
                return f"{name} on {pod['spec'].get('nodeName', 'no node')} {why}: {pod_log(kube, pod, LAST_LINES)}"
    return ""


def restarted(status: Object, since: datetime) -> str:
    """How a container ended that runs again, in words; empty where it has run since then."""
    began = status.get("state", {}).get("running", {}).get("startedAt")
    if not began or datetime.fromisoformat(began) < since:
        return ""
    last = status.get("lastState", {}).get("terminated") or {}
    return (
        f"was started again at {began} ({last.get('reason') or 'no reason is given'}, exit code {last.get('exitCode')})"
    )


def logs(kube: Kube, known: ProxyPods) -> Iterator[tuple[str, str]]:
    """The last lines of each pod's log, by title."""
    for pod in _pods(kube, known):
        yield (
            f"proxy log of {pod['metadata']['name']} on {pod['spec'].get('nodeName', 'no node')}",
            pod_log(kube, pod, LAST_LINES),
        )


def _pods(kube: Kube, known: ProxyPods) -> list[Object]:
    return kube.list("Pod", known.namespace, known.selector) if known.selector else []

"""Waiting until DaemonSets, Deployments and their pods are as they should be."""

from collections.abc import Collection, Iterator

from svcproof.errors import ProbeError, ProvisionError
from svcproof.json_objects import Object
from svcproof.kubernetes.api import Kube
from svcproof.kubernetes.api.conditions import holds
from svcproof.kubernetes.objects.starting import unpulled
from svcproof.wait import provisioned

LAST_LINES = 8
IMAGES = "put the image into the nodes, or name one that they can pull"


class Unpulled(ProvisionError):
    """An image of a workload cannot be had: there is nothing more to wait for."""


def selector_of(workload: Object) -> str:
    """The selector of a workload's pods, as far as it is one of labels."""
    return ",".join(f"{key}={value}" for key, value in workload["spec"]["selector"].get("matchLabels", {}).items())


def workloads(kube: Kube, kind: str, labels: str = "") -> list[Object]:
    """Return the DaemonSets or Deployments of all namespaces, each with its kind, which lists leave out."""
    return [{**one, "kind": kind} for one in kube.list(kind, labels=labels)]


def pods(kube: Kube, daemon_set: Object) -> list[Object]:
    """Return the pods that a DaemonSet owns."""
    return [pod for pod in _pods(kube, daemon_set) if is_owned(pod, daemon_set)]


def rolled_out(
    kube: Kube, workload: Object, within: float, *, without: Collection[str] = (), images: str = IMAGES
) -> None:
    """Wait until a DaemonSet or Deployment has all its pods, up to date and ready.

    No pod whose uid is in `without` may be left of a DaemonSet. Raises ProvisionError after `within` seconds, with
    what the pods that are not ready say; at once where an image cannot be pulled, with `images`, what to do then.
    """
    metadata = workload["metadata"]

    def complete(lack: str) -> bool:
        """All pods are there, up to date and ready."""
        return not lack

    def look() -> str:
        now = kube.get(f"apps/v1 {workload['kind']}", metadata["name"], metadata["namespace"])
        for pod in _pods(kube, now):
            if why := unpulled(pod):
                raise Unpulled(f"{called(workload)} does not come up: {why}\n{images}")
        return _lack_of_deployment(now) if now["kind"] == "Deployment" else _lack_of_daemon_set(kube, now, without)

    try:
        provisioned(called(workload), look, complete, within, every=0.3)
    except Unpulled:
        raise
    except ProvisionError as late:
        raise ProvisionError("\n".join((str(late), *_words_of_unready(kube, workload)))) from late


def gone(kube: Kube, daemon_set: Object, within: float) -> None:
    """Wait until a DaemonSet has no pod left; raises ProvisionError after `within` seconds."""

    def none(left: list[str]) -> bool:
        """None of them is left."""
        return not left

    def look() -> list[str]:
        return [pod["metadata"]["name"] for pod in pods(kube, daemon_set)]

    provisioned(f"the end of the pods of {called(daemon_set)}", look, none, within, every=0.3)


def called(workload: Object) -> str:
    """Its kind, name and namespace."""
    metadata = workload["metadata"]
    return f"{workload['kind']} {metadata['name']} in namespace {metadata['namespace']}"


def is_owned(one: Object, owner: Object) -> bool:
    """Whether an object was made for the other one, by its controller."""
    return any(ref["uid"] == owner["metadata"]["uid"] for ref in one["metadata"].get("ownerReferences") or ())


def is_ready(pod: Object) -> bool:
    """Whether a pod is Ready, and not ending."""
    return holds(pod, "Ready") and "deletionTimestamp" not in pod["metadata"]


def log(kube: Kube, pod: Object, lines: int | None = None) -> str:
    """What a pod has written, or its last lines, or why that cannot be read."""
    try:
        return kube.logs(pod["metadata"]["name"], pod["metadata"]["namespace"], lines=lines).rstrip()
    except ProbeError as error:
        return f"(its log cannot be read: {error})"


def _pods(kube: Kube, workload: Object) -> list[Object]:
    return kube.list("Pod", workload["metadata"]["namespace"], selector_of(workload))


def _lack_of_deployment(now: Object) -> str:
    wanted, status = now["spec"].get("replicas", 1), now.get("status", {})
    if status.get("observedGeneration", 0) < now["metadata"]["generation"]:
        return "the change is not observed yet"
    up_to_date, ready = status.get("updatedReplicas", 0), status.get("readyReplicas", 0)
    return "" if up_to_date >= wanted and ready >= wanted else f"{ready} of {wanted} pods are ready"


def _lack_of_daemon_set(kube: Kube, now: Object, without: Collection[str]) -> str:
    status = now.get("status", {})
    if status.get("observedGeneration", 0) < now["metadata"]["generation"]:
        return "the change is not observed yet"
    there = pods(kube, now)
    old = [pod["metadata"]["name"] for pod in there if pod["metadata"]["uid"] in without]
    ready = [pod for pod in there if is_ready(pod)]
    wanted, up_to_date = status["desiredNumberScheduled"], status.get("updatedNumberScheduled", 0)
    if old:
        return f"still there: {', '.join(old)}"
    if len(ready) != wanted or len(there) != wanted or up_to_date != wanted:
        return f"{len(ready)} of {wanted} pods are ready, {up_to_date} up to date"
    return ""


def _words_of_unready(kube: Kube, workload: Object) -> Iterator[str]:
    for pod in _pods(kube, workload):
        if is_ready(pod):
            continue
        yield f"{pod['metadata']['name']} on {pod['spec'].get('nodeName', 'no node')} is not ready:"
        for status in pod.get("status", {}).get("containerStatuses") or ():
            if waiting := status.get("state", {}).get("waiting"):
                yield f"  {status['name']}: {waiting.get('reason')}: {waiting.get('message', '')}"
        yield log(kube, pod, LAST_LINES)

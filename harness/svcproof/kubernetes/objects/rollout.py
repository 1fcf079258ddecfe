"""Waits until DaemonSets, Deployments and their pods are as they should be."""

from collections.abc import Collection, Iterator

from svcproof.errors import ProbeError, ProvisionError
from svcproof.json_objects import Object
from svcproof.kubernetes.api import Kube
from svcproof.kubernetes.objects.status import is_ready, missing_image
from svcproof.wait import Within, await_none, empty, provisioned

LAST_LINES = 8
IMAGES = "put the image into the nodes, or name one that they can pull"


class MissingImage(ProvisionError):
    """An image of a workload cannot be had: there is nothing more to wait for."""


def selector_of(workload: Object) -> str:
    """The selector of a workload's pods, as far as it is one of labels."""
    return ",".join(f"{key}={value}" for key, value in workload["spec"]["selector"].get("matchLabels", {}).items())


def workloads(kube: Kube, kind: str, labels: str = "") -> list[Object]:
    """Return the DaemonSets or Deployments of all namespaces, each with its kind, which lists leave out."""
    return [{**workload, "kind": kind} for workload in kube.list(kind, labels=labels)]


def pods_of(kube: Kube, daemon_set: Object) -> list[Object]:
    """Return the pods that a DaemonSet owns."""
    return [pod for pod in _selected_pods(kube, daemon_set) if is_owned_by(pod, daemon_set)]


def await_rollout(
    kube: Kube, workload: Object, within: Within, *, without: Collection[str] = (), images: str = IMAGES
) -> None:
    """Wait until a DaemonSet or Deployment has all its pods, up to date and ready.

    No pod whose uid is in `without` may be left of a DaemonSet. Raises ProvisionError after `within`, with
    what the pods that are not ready say; at once if an image cannot be pulled, with `images`, what to do then.
    """
    metadata = workload["metadata"]

    def lack() -> str:
        latest = kube.get(f"apps/v1 {workload['kind']}", metadata["name"], metadata["namespace"])
        for pod in _selected_pods(kube, latest):
            if reason := missing_image(pod):
                raise MissingImage(f"{title_of(workload)} does not come up: {reason}\n{images}")
        is_deployment = latest["kind"] == "Deployment"
        return _lack_of_deployment(latest) if is_deployment else _lack_of_daemon_set(kube, latest, without)

    complete = empty("All pods are there, up to date and ready.")
    try:
        provisioned(title_of(workload), lack, complete, within, every=0.3)
    except MissingImage:
        raise
    except ProvisionError as late:
        raise ProvisionError("\n".join((str(late), *_words_of_unready(kube, workload)))) from late


def await_no_pods(kube: Kube, daemon_set: Object, within: Within) -> None:
    """Wait until a DaemonSet has no pod left; raises ProvisionError after `within`."""

    def names_of_pods() -> list[str]:
        return [pod["metadata"]["name"] for pod in pods_of(kube, daemon_set)]

    await_none(f"the end of the pods of {title_of(daemon_set)}", names_of_pods, within)


def title_of(workload: Object) -> str:
    """Its kind, name and namespace."""
    metadata = workload["metadata"]
    return f"{workload['kind']} {metadata['name']} in namespace {metadata['namespace']}"


def is_owned_by(item: Object, owner: Object) -> bool:
    """True if the owner's controller has made the object."""
    return any(ref["uid"] == owner["metadata"]["uid"] for ref in item["metadata"].get("ownerReferences") or ())


def pod_log(kube: Kube, pod: Object, lines: int | None = None) -> str:
    """Return what a pod has written, or its last lines, or why that cannot be read."""
    try:
        return kube.logs(pod["metadata"]["name"], pod["metadata"]["namespace"], lines=lines).rstrip()
    except ProbeError as error:
        return f"(its log cannot be read: {error})"


def _selected_pods(kube: Kube, workload: Object) -> list[Object]:
    return kube.list("Pod", workload["metadata"]["namespace"], selector_of(workload))


def _lack_of_deployment(deployment: Object) -> str:
    expected, status = deployment["spec"].get("replicas", 1), deployment.get("status", {})
    if status.get("observedGeneration", 0) < deployment["metadata"]["generation"]:
        return "the change is not observed yet"
    up_to_date, ready = status.get("updatedReplicas", 0), status.get("readyReplicas", 0)
    return "" if up_to_date >= expected and ready >= expected else f"{ready} of {expected} pods are ready"


def _lack_of_daemon_set(kube: Kube, daemon_set: Object, without: Collection[str]) -> str:
    status = daemon_set.get("status", {})
    if status.get("observedGeneration", 0) < daemon_set["metadata"]["generation"]:
        return "the change is not observed yet"
    pods = pods_of(kube, daemon_set)
    old = [pod["metadata"]["name"] for pod in pods if pod["metadata"]["uid"] in without]
    ready = [pod for pod in pods if is_ready(pod)]
    expected, up_to_date = status["desiredNumberScheduled"], status.get("updatedNumberScheduled", 0)
    if old:
        return f"still there: {', '.join(old)}"
    if len(ready) != expected or len(pods) != expected or up_to_date != expected:
        return f"{len(ready)} of {expected} pods are ready, {up_to_date} up to date"
    return ""


def _words_of_unready(kube: Kube, workload: Object) -> Iterator[str]:
    for pod in _selected_pods(kube, workload):
        if is_ready(pod):
            continue
        yield f"{pod['metadata']['name']} on {pod['spec'].get('nodeName', 'no node')} is not ready:"
        for status in pod.get("status", {}).get("containerStatuses") or ():
            if waiting := status.get("state", {}).get("waiting"):
                yield f"  {status['name']}: {waiting.get('reason')}: {waiting.get('message', '')}"
        yield pod_log(kube, pod, LAST_LINES)

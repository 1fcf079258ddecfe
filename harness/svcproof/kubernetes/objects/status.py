"""Readings of an object's status: its conditions, and whether a pod starts, as soon as the kubelet knows."""

from collections.abc import Iterator

from svcproof.errors import ProvisionError
from svcproof.json_objects import Object

NO_IMAGE = frozenset(
    {"ErrImagePull", "ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull", "RegistryUnavailable"}
)
NO_START = frozenset({"CreateContainerConfigError", "CreateContainerError", "RunContainerError", "CrashLoopBackOff"})
"""Reasons of a container that waits. https://kubernetes.io/docs/concepts/containers/images/#imagepullbackoff."""
BUSY = "pull QPS exceeded"
"""The kubelet's words for an image that it will pull in a moment."""


def has_condition(item: Object, type_: str) -> bool:
    """True if a condition such as Ready is True."""
    conditions = item.get("status", {}).get("conditions") or ()
    return any(condition["type"] == type_ and condition["status"] == "True" for condition in conditions)


def is_ready(pod: Object) -> bool:
    """True if a pod is Ready, and not ending."""
    return has_condition(pod, "Ready") and "deletionTimestamp" not in pod["metadata"]


def has_started(pod: Object) -> bool:
    """True if the pod has an address and all its containers run.

    Raises ProvisionError if they never will.
    """
    states = list(_states(pod))
    for image, state in states:
        _refuse_failed(pod, image, state.get("waiting") or state.get("terminated") or {})
    status = pod.get("status", {})
    if status.get("phase") == "Failed":  # refused by the kubelet itself: no room, or a host port that is taken
        raise ProvisionError(f"{_title(pod)} was refused: {status.get('reason', '')} {status.get('message', '')}")
    return bool(status.get("podIP")) and bool(states) and all("running" in state for _, state in states)


def missing_image(pod: Object) -> str:
    """The reason why an image of a pod is not there, in the kubelet's words; empty if all are, or may come yet."""
    states = (*_states(pod, "initContainerStatuses"), *_states(pod))
    reasons = (_missing_image(pod, image, state.get("waiting") or {}) for image, state in states)
    return next((reason for reason in reasons if reason), "")


def _states(pod: Object, statuses: str = "containerStatuses") -> Iterator[tuple[str, Object]]:
    for status in pod.get("status", {}).get(statuses) or ():
        yield status.get("image", ""), status.get("state", {})


def _missing_image(pod: Object, image: str, waiting: Object) -> str:
    message = waiting.get("message", "").strip()
    if waiting.get("reason") not in NO_IMAGE or BUSY in message:
        return ""
    return f"{_title(pod)} does not start, since its image {image} is not there: {message}"


def _refuse_failed(pod: Object, image: str, state: Object) -> None:
    if missing := _missing_image(pod, image, state):
        remedy = "give one that the nodes can pull with --image, or put it into the nodes; see svcproof images"
        raise ProvisionError(f"{missing}\n{remedy}")
    reason, message = state.get("reason", ""), state.get("message", "").strip()
    if reason in NO_START or "exitCode" in state:
        remedy = "the image must have a Python of 3.9 or newer as python3: give one with --image"
        raise ProvisionError(f"{_title(pod)} does not start from the image {image}: {reason} {message}\n{remedy}")


def _title(pod: Object) -> str:
    metadata = pod["metadata"]
    return f"pod {metadata['namespace']}/{metadata['name']} on node {pod['spec'].get('nodeName', '(none)')}"

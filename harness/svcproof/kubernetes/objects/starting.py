"""Whether a pod starts: told from its status as soon as the kubelet knows that it will not."""

from collections.abc import Iterator

from svcproof.errors import ProvisionError
from svcproof.json_objects import Object

NO_IMAGE = frozenset(
    {"ErrImagePull", "ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull", "RegistryUnavailable"}
)
NO_START = frozenset({"CreateContainerConfigError", "CreateContainerError", "RunContainerError", "CrashLoopBackOff"})
"""Reasons of a container that waits. https://kubernetes.io/docs/concepts/containers/images/#imagepullbackoff."""
BUSY = "pull QPS exceeded"
"""What the kubelet says of an image that it will pull in a moment."""


def started(pod: Object) -> bool:
    """Whether it has an address and all its containers run. Raises ProvisionError where they never will."""
    states = list(_states(pod))
    for image, state in states:
        _refuse(pod, image, state.get("waiting") or state.get("terminated") or {})
    status = pod.get("status", {})
    if status.get("phase") == "Failed":  # refused by the kubelet itself: no room, or a host port that is taken
        raise ProvisionError(f"{_called(pod)} was refused: {status.get('reason', '')} {status.get('message', '')}")
    return bool(status.get("podIP")) and bool(states) and all("running" in state for _, state in states)


def unpulled(pod: Object) -> str:
    """Which image of a pod is not there, in the kubelet's words; empty where all are, or may come yet."""
    states = (*_states(pod, "initContainerStatuses"), *_states(pod))
    return next((why for image, state in states if (why := _unpulled(pod, image, state.get("waiting") or {}))), "")


def _states(pod: Object, of: str = "containerStatuses") -> Iterator[tuple[str, Object]]:
    for one in pod.get("status", {}).get(of) or ():
        yield one.get("image", ""), one.get("state", {})


def _unpulled(pod: Object, image: str, waiting: Object) -> str:
    said = waiting.get("message", "").strip()
    if waiting.get("reason") not in NO_IMAGE or BUSY in said:
        return ""
    return f"{_called(pod)} does not start, since its image {image} is not there: {said}"


def _refuse(pod: Object, image: str, state: Object) -> None:
    if why := _unpulled(pod, image, state):
        remedy = "give one that the nodes can pull with --image, or put it into the nodes; see svcproof images"
        raise ProvisionError(f"{why}\n{remedy}")
    reason, said = state.get("reason", ""), state.get("message", "").strip()
    if reason in NO_START or "exitCode" in state:
        remedy = "the image must have a Python of 3.9 or newer as python3: give one with --image"
        raise ProvisionError(f"{_called(pod)} does not start from the image {image}: {reason} {said}\n{remedy}")


def _called(pod: Object) -> str:
    metadata = pod["metadata"]
    return f"pod {metadata['namespace']}/{metadata['name']} on node {pod['spec'].get('nodeName', '(none)')}"

"""Whether a pod starts, as its status tells."""

from typing import Any

import pytest

from svcproof.errors import ProvisionError
from svcproof.kubernetes.objects.status import has_started


def pod(state: dict[str, Any], **status: Any) -> dict[str, Any]:
    """A Pod whose one container is in this state."""
    return {
        "metadata": {"name": "client", "namespace": "ours"},
        "spec": {"nodeName": "worker"},
        "status": {"podIP": "10.0.0.9", "containerStatuses": [{"image": "mine:1", "state": state}], **status},
    }


def test_one_that_runs_has_started() -> None:
    assert has_started(pod({"running": {}}))


@pytest.mark.parametrize("state", [{}, {"waiting": {"reason": "ContainerCreating"}}])
def test_one_that_waits_has_not(state: dict[str, Any]) -> None:
    assert not has_started(pod(state))


def test_an_image_that_cannot_be_pulled_ends_the_wait_with_the_kubelets_words_and_the_remedy() -> None:
    refused = pod({"waiting": {"reason": "ErrImagePull", "message": "no such host"}})

    with pytest.raises(ProvisionError, match=r"(?s)ours/client on node worker .*mine:1.*no such host.*--image"):
        has_started(refused)


def test_an_image_that_is_pulled_in_a_moment_does_not() -> None:
    assert not has_started(pod({"waiting": {"reason": "ErrImagePull", "message": "pull QPS exceeded"}}))


@pytest.mark.parametrize(
    "state",
    [
        {"waiting": {"reason": "CrashLoopBackOff", "message": "back-off"}},
        {"terminated": {"reason": "StartError", "message": "python3: not found", "exitCode": 128}},
    ],
)
def test_an_image_without_a_python_ends_the_wait_too(state: dict[str, Any]) -> None:
    with pytest.raises(ProvisionError, match="python3"):
        has_started(pod(state))


def test_a_pod_that_the_kubelet_refuses_ends_the_wait() -> None:
    with pytest.raises(ProvisionError, match="OutOfpods too many"):
        has_started(pod({}, phase="Failed", reason="OutOfpods", message="too many"))

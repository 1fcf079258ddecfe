"""Waiting for a workload's pods."""

from typing import Any, cast

import pytest

from svcproof.errors import ProvisionError
from svcproof.kubernetes.api import Kube
from svcproof.kubernetes.objects.rollout import await_rollout
from tests.kubernetes.read_only_kube import ReadOnlyKube

LABELS = {"app": "speaker"}
WORKLOAD: dict[str, Any] = {
    "kind": "DaemonSet",
    "metadata": {"name": "speaker", "namespace": "net", "generation": 1, "uid": "1"},
    "spec": {"selector": {"matchLabels": LABELS}},
    "status": {"observedGeneration": 1, "desiredNumberScheduled": 1, "updatedNumberScheduled": 1},
}


def pod(**status: Any) -> dict[str, Any]:
    metadata = {"name": "speaker-x", "namespace": "net", "labels": LABELS, "ownerReferences": [{"uid": "1"}]}
    return {"metadata": metadata | {"uid": "2"}, "spec": {"nodeName": "worker"}, "status": status}


def cluster(one: dict[str, Any]) -> Kube:
    return cast(Kube, ReadOnlyKube(DaemonSet=[WORKLOAD], Pod=[one]))


def test_it_is_over_once_every_pod_is_ready() -> None:
    ready = pod(conditions=[{"type": "Ready", "status": "True"}])

    assert await_rollout(cluster(ready), WORKLOAD, within=5.0) is None


@pytest.mark.parametrize("of", ["containerStatuses", "initContainerStatuses"])
def test_an_image_that_cannot_be_pulled_ends_the_wait_at_once_with_the_remedy(of: str) -> None:
    waiting = {"waiting": {"reason": "ImagePullBackOff", "message": "no such host"}}

    with pytest.raises(ProvisionError, match=r"(?s)DaemonSet speaker in namespace net .*mine:1.*no such host\nput it"):
        await_rollout(
            cluster(pod(**{of: [{"image": "mine:1", "state": waiting}]})), WORKLOAD, 3600.0, images="put it in"
        )

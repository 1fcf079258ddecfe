"""Waiting for the EndpointSlices that the cluster's controller writes for Services with a selector."""

import time

from svcproof.json_objects import Object
from svcproof.kubernetes.api import Kube
from svcproof.kubernetes.sample.service import SLICES
from svcproof.limits import Judged
from svcproof.replay.binding import SERVICE_NAME

MANAGED_BY = "endpointslice.kubernetes.io/managed-by"
CONTROLLER = "endpointslice-controller.k8s.io"
PAUSE = 0.2
"""Seconds in which slices that are written do not change any more."""


def await_written_slices(kube: Kube, namespace: str, prefix: str) -> None:
    """Wait until each Service whose name begins so and that has a selector has slices, which no longer change.

    What does not come in time is left to be judged as it is.
    """
    selecting = {
        item["metadata"]["name"]
        for item in kube.list("Service", namespace)
        if item["metadata"]["name"].startswith(prefix) and _selects(item)
    }
    deadline = time.monotonic() + Judged.SLICES_WRITTEN.seconds
    before: list[Object] = []
    while selecting and time.monotonic() < deadline:
        slices = [item for item in kube.list(SLICES, namespace) if _written_for(item) in selecting]
        if slices == before and {_written_for(item) for item in slices} == selecting:
            return
        before = slices
        time.sleep(PAUSE)


def _selects(service: Object) -> bool:
    spec = service["spec"]
    return bool(spec.get("selector")) and spec.get("type") != "ExternalName"


def _written_for(item: Object) -> str:
    """The name of the Service that the controller wrote this slice for; empty for slices of others."""
    labels = item["metadata"].get("labels") or {}
    return str(labels.get(SERVICE_NAME, "")) if labels.get(MANAGED_BY) == CONTROLLER else ""

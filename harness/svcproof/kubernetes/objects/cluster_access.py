"""The access to a cluster that installations in it take, and the labels by which a run knows its own objects."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from svcproof.json_objects import Object
from svcproof.kubernetes.api import Kube

LABEL = "svcproof.dev/run"
"""On everything of ours in a cluster: the run's token."""
METALLB = "svcproof.dev/metallb"
"""On each object of MetalLB's, beside the run's: whether it goes with the run or stays with the cluster."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterAccess:
    """A cluster that is up: its client, the run that uses it, and its end."""

    kube: Kube
    kubeconfig: Path
    """A file for programs that take one; the right context is its current one."""
    token: str
    """The run's name, the value of the label svcproof.dev/run on all it makes."""
    ends_with_run: bool
    """True if the cluster is deleted with this run, so that nothing need be put back; False for one that is kept."""
    status_on_node: Callable[[str, str], int] | None = None
    """Asks a URL on the node of this name, and returns the status, 0 if nothing answers; None: no way to ask there."""


def with_label(manifest: Object, value: str, label: str = LABEL) -> Object:
    """The manifest with one more label, by default the run's, whose value is the token."""
    metadata = manifest["metadata"]
    return {**manifest, "metadata": {**metadata, "labels": {**(metadata.get("labels") or {}), label: value}}}

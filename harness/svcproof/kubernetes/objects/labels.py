"""The labels by which a run knows its own objects in a cluster."""

from svcproof.json_objects import Object

LABEL = "svcproof.dev/run"
"""On everything of ours in a cluster: the run's token."""
METALLB = "svcproof.dev/metallb"
"""On each object of MetalLB's, beside the run's: whether it goes with the run or stays with the cluster."""


def with_label(manifest: Object, value: str, label: str = LABEL) -> Object:
    """The manifest with one more label, by default the run's, whose value is the token."""
    metadata = manifest["metadata"]
    return {**manifest, "metadata": {**metadata, "labels": {**(metadata.get("labels") or {}), label: value}}}

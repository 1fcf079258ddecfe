"""Defaults of kinds that have few."""

from harness.model.cluster import Object


def default_namespace(item: Object) -> None:
    """A namespace names itself in a label and is kept by the finalizer `kubernetes`."""
    metadata = item["metadata"]
    metadata["labels"] = {**(metadata.get("labels") or {}), "kubernetes.io/metadata.name": metadata["name"]}

"""The StorageClass of claims that name none.

https://kubernetes.io/docs/concepts/storage/storage-classes/#default-storageclass
"""

from collections.abc import Iterable

from svcproof.json_objects import Object

DEFAULT = "storageclass.kubernetes.io/is-default-class"


def admit_claim(claim: Object, classes: Iterable[Object]) -> None:
    """Name the newest default class in a claim that names neither a class nor ""."""
    if claim["spec"].get("storageClassName") is not None:
        return
    defaults = [
        storage_class
        for storage_class in classes
        if (storage_class["metadata"].get("annotations") or {}).get(DEFAULT) == "true"
    ]
    if defaults:
        newest = max(defaults, key=lambda storage_class: storage_class["metadata"]["creationTimestamp"])
        claim["spec"]["storageClassName"] = newest["metadata"]["name"]

"""The metadata that the server itself writes."""

import random
from datetime import UTC, datetime
from uuid import uuid4

from harness.lab.apiserver.resources import Resource
from harness.model.cluster import Object

SUFFIX = "bcdfghjklmnpqrstvwxz2456789"


def now(*, micro: bool = False) -> str:
    """The time, as timestamps of objects have it."""
    moment = datetime.now(UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ" if micro else "%Y-%m-%dT%H:%M:%SZ")


def begin(resource: Resource, item: Object, namespace: str) -> None:
    """Fill in, in place, the metadata of a new object."""
    metadata = item["metadata"]
    for key in ("selfLink", "managedFields", "resourceVersion", "deletionTimestamp", "deletionGracePeriodSeconds"):
        metadata.pop(key, None)
    metadata.pop("generation", None)
    if not metadata.get("name") and metadata.get("generateName"):
        metadata["name"] = metadata["generateName"][:58] + "".join(random.choices(SUFFIX, k=5))
    if resource.namespaced:
        metadata["namespace"] = namespace
    else:
        metadata.pop("namespace", None)
    metadata["uid"] = str(uuid4())
    metadata["creationTimestamp"] = now()
    if resource.generation:
        metadata["generation"] = 1


def carry(resource: Resource, item: Object, old: Object) -> None:
    """Put, in place, the metadata that an update cannot change back to what it was."""
    metadata, before = item["metadata"], old["metadata"]
    metadata.pop("managedFields", None)
    metadata.pop("selfLink", None)
    for key in (
        "namespace",
        "uid",
        "creationTimestamp",
        "deletionTimestamp",
        "deletionGracePeriodSeconds",
        "generation",
        "resourceVersion",
        "generateName",
    ):
        if key in before:
            metadata[key] = before[key]
        else:
            metadata.pop(key, None)


def count(resource: Resource, item: Object, old: Object) -> None:
    """Raise, in place, the generation of an object that has changed."""
    if resource.generation and content(item) != content(old):
        item["metadata"]["generation"] = int(old["metadata"].get("generation", 0)) + 1


def content(item: Object) -> Object:
    """What generation counts changes of."""
    return {key: value for key, value in item.items() if key not in {"metadata", "status"}}

"""The metadata that the server itself writes."""

import random
from datetime import UTC, datetime
from uuid import uuid4

from svcproof.json_objects import Object
from svcproof.lab.apiserver.resources import Resource

GIVEN = (
    "selfLink",
    "managedFields",
    "resourceVersion",
    "generation",
    "deletionTimestamp",
    "deletionGracePeriodSeconds",
)
"""What clients may send, but never set."""
SUFFIX = "bcdfghjklmnpqrstvwxz2456789"


def now() -> str:
    """The time, as timestamps of objects have it."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def begin(resource: Resource, item: Object, namespace: str) -> None:
    """Fill in, in place, the metadata of a new object."""
    metadata = item["metadata"]
    for key in GIVEN:
        metadata.pop(key, None)
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
    for key in (*GIVEN, "namespace", "uid", "creationTimestamp", "generateName"):
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

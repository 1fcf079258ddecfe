"""The metadata that the server itself writes."""

import copy
import random
from datetime import timedelta
from uuid import uuid4

from svcproof.json_objects import Object
from svcproof.lab import clock
from svcproof.lab.apiserver.resources import Resource

SERVER_KEYS = (
    "selfLink",
    "managedFields",
    "resourceVersion",
    "generation",
    "deletionTimestamp",
    "deletionGracePeriodSeconds",
)
"""Keys that the server sets, whatever clients send."""
SUFFIX = "bcdfghjklmnpqrstvwxz2456789"


def now(later: int = 0) -> str:
    """The time in the form of an object's timestamps, or that `later` by so many seconds."""
    return clock.rfc3339(clock.now() + timedelta(seconds=later))


def set_creation_metadata(resource: Resource, item: Object, namespace: str) -> None:
    """Fill in, in place, the metadata of a new object."""
    metadata = item["metadata"]
    for key in SERVER_KEYS:
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


def restore_metadata(resource: Resource, item: Object, old: Object) -> None:
    """Restore, in place, the metadata that an update cannot change."""
    for key in (*SERVER_KEYS, "namespace", "uid", "creationTimestamp", "generateName"):
        keep(item["metadata"], old["metadata"], key)


def keep(values: Object, old: Object, key: str) -> None:
    """Give a key, in place, the value that it has in `old`, or none."""
    if key in old:
        values[key] = copy.deepcopy(old[key])
    else:
        values.pop(key, None)


def count_generation(resource: Resource, item: Object, old: Object) -> None:
    """Raise, in place, the generation of an object that has changed."""
    if resource.generation and counted_parts(item) != counted_parts(old):
        item["metadata"]["generation"] = int(old["metadata"].get("generation", 0)) + 1


def counted_parts(item: Object) -> Object:
    """The parts of an object whose changes generation counts."""
    return {key: value for key, value in item.items() if key not in {"metadata", "status"}}

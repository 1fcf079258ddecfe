"""What objects must satisfy, with the messages of a real API server (pkg/apis/*/validation)."""

from harness.lab.apiserver.errors import Cause
from harness.lab.apiserver.resources import Resource
from harness.model.cluster import Object


def validate(resource: Resource, item: Object) -> list[Cause]:
    """Return what is wrong with a new object."""
    return []


def validate_update(resource: Resource, item: Object, old: Object, subresource: str) -> list[Cause]:
    """Return what is wrong with a changed object."""
    return []

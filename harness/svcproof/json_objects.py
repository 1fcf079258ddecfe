"""The type of a JSON object, which every part of svcproof passes on."""

from typing import Any

Object = dict[str, Any]
"""A Kubernetes object as JSON has it."""


def with_spec(item: Object, **fields: object) -> Object:
    """Return the object with these fields of its spec in the place of its own."""
    return {**item, "spec": {**item["spec"], **fields}}

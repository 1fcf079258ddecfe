"""The ways to patch: three that describe a change, and apply, which describes the intended object.

https://kubernetes.io/docs/reference/using-api/api-concepts/#patch-and-apply
"""

from collections.abc import Callable

from svcproof.json_objects import Object
from svcproof.lab.apiserver.body import json_or_yaml
from svcproof.lab.apiserver.errors import ApiError, bad_request
from svcproof.lab.apiserver.patch.json_patch import json_merge, json_patch_result
from svcproof.lab.apiserver.patch.strategic import strategic_merge

APPLY = "application/apply-patch+yaml"
JSON_PATCH = "application/json-patch+json"
MERGE = "application/merge-patch+json"
STRATEGIC = "application/strategic-merge-patch+json"
Patch = Callable[[Object], Object]


def patch_of(media: str, body: bytes, type_name: str) -> Patch:
    """Return the change that a PATCH makes to an object; raises ApiError 415 for an unknown form, 400 for junk."""
    if media not in {JSON_PATCH, MERGE, STRATEGIC}:
        raise ApiError(415, "UnsupportedMediaType", "415: Unsupported Media Type", {})
    change = json_or_yaml(body)
    if media == JSON_PATCH:
        if not isinstance(change, list):
            raise bad_request("the patch is not a list of operations")
        return lambda item: json_patch_result(item, change)
    if not isinstance(change, dict):
        raise bad_request("the patch is not an object")
    if media == MERGE:
        return lambda item: json_merge(item, change)
    return lambda item: strategic_merge(type_name, item, change)


def intent_of(body: bytes) -> Object:
    """Return the fields that an apply intends; raises ApiError 400 for junk."""
    intent = json_or_yaml(body)
    if not isinstance(intent, dict):
        raise bad_request("the patch is not an object")
    return intent

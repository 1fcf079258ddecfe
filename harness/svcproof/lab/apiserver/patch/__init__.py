"""The ways to patch: three by what they say to change, and apply, which says what is wanted.

https://kubernetes.io/docs/reference/using-api/api-concepts/#patch-and-apply
"""

from collections.abc import Callable

from svcproof.json_objects import Object
from svcproof.lab.apiserver.body import parsed
from svcproof.lab.apiserver.errors import ApiError, bad_request
from svcproof.lab.apiserver.patch.json_patch import json_patched
from svcproof.lab.apiserver.patch.merge import merged
from svcproof.lab.apiserver.patch.strategic import strategically_merged

APPLY = "application/apply-patch+yaml"
JSON_PATCH = "application/json-patch+json"
MERGE = "application/merge-patch+json"
STRATEGIC = "application/strategic-merge-patch+json"
Patch = Callable[[Object], Object]


def patch_of(media: str, body: bytes, type_name: str) -> Patch:
    """Return what a PATCH does to an object of `type_name`; raises ApiError 415 for an unknown form, 400 for junk."""
    if media not in {JSON_PATCH, MERGE, STRATEGIC}:
        raise ApiError(415, "UnsupportedMediaType", "415: Unsupported Media Type", {})
    change = parsed(body)
    if media == JSON_PATCH:
        if not isinstance(change, list):
            raise bad_request("the patch is not a list of operations")
        return lambda item: json_patched(item, change)
    if not isinstance(change, dict):
        raise bad_request("the patch is not an object")
    if media == MERGE:
        return lambda item: merged(item, change)
    return lambda item: strategically_merged(type_name, item, change)


def intent_of(body: bytes) -> Object:
    """Return what an apply wants; raises ApiError 400 for junk."""
    intent = parsed(body)
    if not isinstance(intent, dict):
        raise bad_request("the patch is not an object")
    return intent

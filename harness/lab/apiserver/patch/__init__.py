"""The four ways to patch.

https://kubernetes.io/docs/reference/using-api/api-concepts/#patch-and-apply
"""

from collections.abc import Callable

from harness.lab.apiserver.body import parsed, unsupported
from harness.lab.apiserver.errors import bad_request
from harness.lab.apiserver.patch.apply import applied
from harness.lab.apiserver.patch.json_patch import json_patched
from harness.lab.apiserver.patch.merge import merged
from harness.lab.apiserver.patch.strategic import strategically_merged
from harness.lab.apiserver.resources import Resource
from harness.model.cluster import Object

APPLY = "application/apply-patch+yaml"
JSON_PATCH = "application/json-patch+json"
MERGE = "application/merge-patch+json"
STRATEGIC = "application/strategic-merge-patch+json"
Patch = Callable[[Object], Object]


def read_patch(media: str, body: bytes, resource: Resource) -> Patch:
    """Return the function that a PATCH asks for; raises ApiError 415 for an unknown media type, 400 for junk."""
    if media not in {APPLY, JSON_PATCH, MERGE, STRATEGIC}:
        raise unsupported(media, (JSON_PATCH, MERGE, STRATEGIC, APPLY))
    change = parsed(body)
    if media == JSON_PATCH:
        if not isinstance(change, list):
            raise bad_request("the patch is not a list of operations")
        return lambda item: json_patched(item, change)
    if not isinstance(change, dict):
        raise bad_request("the patch is not an object")
    if media == MERGE:
        return lambda item: merged(item, change)
    if media == STRATEGIC:
        return lambda item: strategically_merged(resource.type, item, change)
    return lambda item: applied(resource.type, item, change)

"""JSON patch (https://www.rfc-editor.org/rfc/rfc6902) and merge patch (https://www.rfc-editor.org/rfc/rfc7386)."""

from collections.abc import Sequence
from typing import Any

from svcproof.json_objects import Object
from svcproof.lab.apiserver.errors import ApiError, bad_request


def json_patch_result(item: Object, operations: Sequence[Object]) -> Object:
    """Return `item` after the operations; raises ApiError 422 if one cannot be done, 400 if no object is left."""
    # Imported here: few labs are ever sent one.
    from jsonpatch import JsonPatchException, apply_patch
    from jsonpointer import JsonPointerException

    try:
        document: Any = apply_patch(item, operations)
    except (JsonPatchException, JsonPointerException) as error:
        message = "the server rejected our request due to an error in our request"
        raise ApiError(422, "Invalid", message, {}) from error
    if not isinstance(document, dict):
        raise bad_request("the patch leaves no object")
    return document


def json_merge(target: Any, patch: Any) -> Any:
    """Return `target` with `patch` merged into it."""
    if not isinstance(patch, dict):
        return patch
    result = dict(target) if isinstance(target, dict) else {}
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = json_merge(result.get(key), value)
    return result

"""JSON patch: https://www.rfc-editor.org/rfc/rfc6902 ."""

import copy
from collections.abc import Sequence
from typing import Any

from svcproof.json_objects import Object
from svcproof.lab.apiserver.errors import ApiError, bad_request


def json_patched(item: Object, operations: Sequence[Object]) -> Object:
    """Return `item` after the operations; raises ApiError 422 where one cannot be done."""
    document: Any = copy.deepcopy(item)
    for operation in operations:
        document = _step(document, operation)
    if not isinstance(document, dict):
        raise bad_request("the patch leaves no object")
    return document


def _step(document: Any, operation: Object) -> Any:
    path = _pointer(str(operation.get("path", "")))
    match operation.get("op"):
        case "add":
            return _put(document, path, copy.deepcopy(operation.get("value")), insert=True)
        case "replace":
            _find(document, path)
            return _put(document, path, copy.deepcopy(operation.get("value")), insert=False)
        case "remove":
            return _without(document, path)
        case "test":
            if _find(document, path) != operation.get("value"):
                raise _refused()
            return document
        case "copy" | "move" as kind:
            source = _pointer(str(operation.get("from", "")))
            value = copy.deepcopy(_find(document, source))
            rest = _without(document, source) if kind == "move" else document
            return _put(rest, path, value, insert=True)
        case _:
            raise _refused()


def _pointer(path: str) -> list[str]:
    return [part.replace("~1", "/").replace("~0", "~") for part in path.split("/")[1:]]


def _find(document: Any, path: Sequence[str]) -> Any:
    try:
        for key in path:
            document = document[int(key)] if isinstance(document, list) else document[key]
    except (KeyError, IndexError, ValueError, TypeError) as error:
        raise _refused() from error
    return document


def _put(document: Any, path: Sequence[str], value: Any, *, insert: bool) -> Any:
    if not path:
        return value
    parent, last = _find(document, path[:-1]), path[-1]
    if isinstance(parent, list):
        index = len(parent) if last == "-" else int(last)
        if insert:
            parent.insert(index, value)
        else:
            parent[index] = value
    else:
        parent[last] = value
    return document


def _without(document: Any, path: Sequence[str]) -> Any:
    _find(document, path)
    parent, last = _find(document, path[:-1]), path[-1]
    if isinstance(parent, list):
        del parent[int(last)]
    else:
        del parent[last]
    return document


def _refused() -> ApiError:
    return ApiError(422, "Invalid", "the server rejected our request due to an error in our request", {})

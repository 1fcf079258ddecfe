"""Strategic merge patch: lists merge by the keys of the schema.

https://github.com/kubernetes/community/blob/main/contributors/devel/sig-api-machinery/strategic-merge-patch.md
"""

from typing import Any

from svcproof.lab.apiserver.errors import bad_request
from svcproof.lab.apiserver.patch.json_patch import json_merge
from svcproof.lab.apiserver.schema import Field, types

ORDER = "$setElementOrder/"
DELETE_FROM = "$deleteFromPrimitiveList/"
RETAIN = "$retainKeys"
DIRECTIVE = "$patch"


def strategic_merge(type_name: str, target: dict[str, Any], patch: dict[str, Any]) -> dict[str, Any]:
    """Return `target`, an object of `type_name`, with `patch` merged into it."""
    if patch.get(DIRECTIVE) == "replace":
        return {key: value for key, value in patch.items() if key != DIRECTIVE}
    if patch.get(DIRECTIVE) == "delete":
        return {}
    fields = types()[type_name].fields
    result = dict(target)
    if RETAIN in patch:
        result = {key: value for key, value in result.items() if key in patch[RETAIN]}
    for key, value in patch.items():
        if key.startswith(DELETE_FROM):
            name = key.removeprefix(DELETE_FROM)
            result[name] = [element for element in result.get(name) or [] if element not in value]
        elif key.startswith("$"):
            continue
        elif value is None:
            result.pop(key, None)
        else:
            order = patch.get(ORDER + key)
            result[key] = _field(fields.get(key), result.get(key), value, order)
    for key, order in patch.items():
        name = key.removeprefix(ORDER)
        if key.startswith(ORDER) and name not in patch and name in result:
            merge_key = fields[name].merge_key if name in fields else ""
            result[name] = _ordered(result[name], order, result[name], merge_key)
    return result


def _field(field: Field | None, current: Any, value: Any, order: list[Any] | None) -> Any:
    if field is None:
        return json_merge(current, value)
    if field.container == "[]" and isinstance(value, list):
        return _list(field, current or [], value, order)
    if not field.container and field.struct and isinstance(value, dict):
        return strategic_merge(field.type, current if isinstance(current, dict) else {}, value)
    if field.container == "{}" and isinstance(value, dict):
        return _map(current or {}, value)
    return value


def _map(current: dict[str, Any], value: dict[str, Any]) -> dict[str, Any]:
    if value.get(DIRECTIVE) == "replace":
        return {key: element for key, element in value.items() if key != DIRECTIVE}
    return dict(json_merge(current, value))


def _list(field: Field, current: list[Any], value: list[Any], order: list[Any] | None) -> list[Any]:
    replace = any(isinstance(element, dict) and element.get(DIRECTIVE) == "replace" for element in value)
    plain = [element for element in value if not (isinstance(element, dict) and element.get(DIRECTIVE) == "replace")]
    if "merge" not in field.strategy or replace:
        return plain
    if field.merge_key:
        if not all(isinstance(element, dict) for element in plain):
            raise bad_request(f"the patch has something else than objects in a list that merges by {field.merge_key}")
        combined = _merge_by_key(field, current, plain)
    else:
        combined = [*current, *(element for element in plain if element not in current)]
    return _ordered(combined, plain if order is None else order, current, field.merge_key)


def _merge_by_key(field: Field, current: list[Any], value: list[Any]) -> list[Any]:
    key = field.merge_key
    result = list(current)
    for element in value:
        at = next((i for i, item in enumerate(result) if item.get(key) == element.get(key)), None)
        if element.get(DIRECTIVE) == "delete":
            result = [item for item in result if item.get(key) != element.get(key)]
        elif at is None:
            result.append(strategic_merge(field.type, {}, element))
        else:
            result[at] = strategic_merge(field.type, result[at], element)
    return result


def _ordered(items: list[Any], order: list[Any], before: list[Any], key: str) -> list[Any]:
    """Items that `order` names in that order; the others before those that they came `before`."""

    def identity(element: Any) -> str:
        return repr(element.get(key) if key and isinstance(element, dict) else element)

    names = [identity(element) for element in order]
    place = {identity(element): index for index, element in enumerate(before)}
    named = sorted(
        (element for element in items if identity(element) in names), key=lambda element: names.index(identity(element))
    )
    others = [element for element in items if identity(element) not in names]
    result: list[Any] = []
    while named and others:
        first = place.get(identity(others[0]), -1) < place.get(identity(named[0]), -1)
        result.append((others if first else named).pop(0))
    return [*result, *named, *others]

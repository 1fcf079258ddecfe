"""Fields that a kind does not have, and values of the wrong type.

https://kubernetes.io/docs/reference/using-api/api-concepts/#field-validation
"""

import re
from collections.abc import Iterator
from typing import Any

from svcproof.lab.apiserver.schema import Field, types
from svcproof.lab.quantities import is_quantity

QUANTITY_RULE = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"


NESTED_KINDS = frozenset({"core.PersistentVolumeClaim"})
"""Kinds that occur within others, as StatefulSets have them, and then name themselves too."""


def unknown_fields(type_name: str, value: dict[str, Any], path: str = "") -> Iterator[str]:
    """Yield the paths of fields that the schema does not have; apiVersion and kind belong to the top."""
    known = types()[type_name].fields
    for key, content in value.items():
        field_path = f"{path}.{key}" if path else key
        field = known.get(key)
        if field is None:
            if key not in {"apiVersion", "kind"} or (path and type_name not in NESTED_KINDS):
                yield field_path
        elif field.struct and content is not None:
            yield from _unknown_in(field, content, field_path)


def _unknown_in(field: Field, content: Any, path: str) -> Iterator[str]:
    elements = {path: content}
    if field.container == "[]" and isinstance(content, list):
        elements = {f"{path}[{index}]": element for index, element in enumerate(content)}
    elif field.container == "{}" and isinstance(content, dict):
        elements = {f"{path}.{key}": element for key, element in content.items()}
    for element_path, element in elements.items():
        if isinstance(element, dict):
            yield from unknown_fields(field.type, element, element_path)


def type_errors(type_name: str, value: dict[str, Any], path: str = "") -> Iterator[str]:
    """Yield a sentence for each value that is of another JSON type than its field."""
    for key, field in types()[type_name].fields.items():
        content = value.get(key)
        field_path = f"{path}.{key}" if path else key
        if content is not None:
            yield from _value_errors(field, content, f"{type_name.partition('.')[2]}.{field_path}", field_path)


def _value_errors(field: Field, content: Any, shown: str, path: str) -> Iterator[str]:
    if field.container:
        expected: type = list if field.container == "[]" else dict
        if not isinstance(content, list | dict) or not isinstance(content, expected):
            kind = f"{'[]' if field.container == '[]' else 'map[string]'}{_go_element(field)}"
            yield f"json: cannot unmarshal {_json_type(content)} into Go struct field {shown} of type {kind}"
            return
        elements = list(content.values()) if isinstance(content, dict) else content
    else:
        elements = [content]
    for element in elements:
        if element is None:
            continue
        if field.struct and isinstance(element, dict):
            yield from type_errors(field.type, element, path)
        elif not _fits(field, element):
            kind = _json_type(element)
            yield f"json: cannot unmarshal {kind} into Go struct field {shown} of type {_go_element(field)}"
        elif field.type == "Quantity" and not is_quantity(element):
            yield QUANTITY_RULE
        elif field.type == "y" and (at := _base64_error(element)) is not None:
            yield f"illegal base64 data at input byte {at}"


def _fits(field: Field, value: Any) -> bool:
    match field.type:
        case "s" | "y" | "Time" | "MicroTime":
            return isinstance(value, str)
        case "b":
            return isinstance(value, bool)
        case "i":
            return _integral(value)
        case "IntOrString":
            return isinstance(value, str) or _integral(value)
        case "Quantity":
            return isinstance(value, int | float | str) and not isinstance(value, bool)
        case "Raw":
            return True
        case _:
            return isinstance(value, dict)


def _base64_error(text: str) -> int | None:
    """Return the position at which a text is no longer base64; None if all of it is."""
    joined = re.sub(r"[\r\n]", "", text)
    start = re.match(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?", joined)
    read = start.end() if start else 0
    if read == len(joined):
        return None
    rest = re.match(r"[A-Za-z0-9+/]*", joined[read:])
    return read + (rest.end() if rest else 0)


def _integral(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value == int(value)


def _json_type(value: Any) -> str:
    return {bool: "bool", str: "string", list: "array", dict: "object"}.get(type(value), "number")


def _go_element(field: Field) -> str:
    names = {"s": "string", "b": "bool", "i": "int32", "y": "[]uint8"}
    return names.get(field.type, f"v1.{field.type.partition('.')[2] or field.type}")

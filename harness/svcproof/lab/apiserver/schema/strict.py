"""What is in a body that its kind does not have.

https://kubernetes.io/docs/reference/using-api/api-concepts/#field-validation
"""

import re
from collections.abc import Iterator
from typing import Any

from svcproof.lab.apiserver.schema import Field, types
from svcproof.lab.quantities import is_quantity

QUANTITY_WANTED = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"


NESTED_KINDS = frozenset({"core.PersistentVolumeClaim"})
"""Kinds that occur within others, as StatefulSets have them, and then name themselves too."""


def unknown_fields(type_name: str, value: dict[str, Any], path: str = "") -> Iterator[str]:
    """Yield the paths of fields that the schema does not have; apiVersion and kind belong to the top."""
    known = types()[type_name].fields
    for key, given in value.items():
        here = f"{path}.{key}" if path else key
        field = known.get(key)
        if field is None:
            if key not in {"apiVersion", "kind"} or (path and type_name not in NESTED_KINDS):
                yield here
        elif field.struct and given is not None:
            yield from _within(field, given, here)


def _within(field: Field, given: Any, path: str) -> Iterator[str]:
    if field.container == "[]" and isinstance(given, list):
        for index, one in enumerate(given):
            if isinstance(one, dict):
                yield from unknown_fields(field.type, one, f"{path}[{index}]")
    elif field.container == "{}" and isinstance(given, dict):
        for key, one in given.items():
            if isinstance(one, dict):
                yield from unknown_fields(field.type, one, f"{path}.{key}")
    elif isinstance(given, dict):
        yield from unknown_fields(field.type, given, path)


def mistyped(type_name: str, value: dict[str, Any], path: str = "") -> Iterator[str]:
    """Yield a sentence for each value that is of another JSON type than its field."""
    for key, field in types()[type_name].fields.items():
        given = value.get(key)
        here = f"{path}.{key}" if path else key
        if given is not None:
            yield from _mistyped(field, given, f"{type_name.partition('.')[2]}.{here}", here)


def _mistyped(field: Field, given: Any, shown: str, path: str) -> Iterator[str]:
    if field.container:
        wanted: type = list if field.container == "[]" else dict
        if not isinstance(given, list | dict) or not isinstance(given, wanted):
            yield f"json: cannot unmarshal {_name(given)} into Go struct field {shown} of type {_go(field)}"
            return
        elements = list(given.values()) if isinstance(given, dict) else given
    else:
        elements = [given]
    for one in elements:
        if one is None:
            continue
        if field.struct and isinstance(one, dict):
            yield from mistyped(field.type, one, path)
        elif not _fits(field, one):
            yield f"json: cannot unmarshal {_name(one)} into Go struct field {shown} of type {_element(field)}"
        elif field.type == "Quantity" and not is_quantity(one):
            yield QUANTITY_WANTED
        elif field.type == "y" and (at := _not_base64(one)) is not None:
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


def _not_base64(text: str) -> int | None:
    """Return where a text is no longer base64; None where all of it is."""
    joined = re.sub(r"[\r\n]", "", text)
    start = re.match(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?", joined)
    read = start.end() if start else 0
    if read == len(joined):
        return None
    rest = re.match(r"[A-Za-z0-9+/]*", joined[read:])
    return read + (rest.end() if rest else 0)


def _integral(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value == int(value)


def _name(value: Any) -> str:
    return {bool: "bool", str: "string", list: "array", dict: "object"}.get(type(value), "number")


def _element(field: Field) -> str:
    names = {"s": "string", "b": "bool", "i": "int32", "y": "[]uint8"}
    return names.get(field.type, f"v1.{field.type.partition('.')[2] or field.type}")


def _go(field: Field) -> str:
    return f"{'[]' if field.container == '[]' else 'map[string]'}{_element(field)}"

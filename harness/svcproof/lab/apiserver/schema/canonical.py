"""The one form in which objects are stored: as Go's structs would write them back.

Unknown fields go, zero values go unless the field is always written, empty structs that are not pointers appear.
"""

from types import MappingProxyType
from typing import Any

from svcproof.lab.apiserver.schema import Field, types
from svcproof.lab.quantities import canonical_quantity

ZERO = MappingProxyType({"s": "", "y": "", "i": 0, "b": False, "Quantity": "0"})


def canonical(type_name: str, value: dict[str, Any]) -> dict[str, Any]:
    """Return `value` in canonical form; apiVersion and kind are kept as they are."""
    result: dict[str, Any] = {key: value[key] for key in ("kind", "apiVersion") if key in value}
    known = types()[type_name]
    for name, field in known.fields.items():
        if name not in value and name not in known.implied:
            continue
        content = value.get(name)
        json_value = _json_value(field, content)
        if json_value is not None:
            result[name] = json_value
        elif field.null:
            result[name] = None
    return result


def _json_value(field: Field, value: Any) -> Any:
    """The JSON value of a field; None to leave the field out."""
    if field.container:
        return _container(field, value)
    if value is None:
        return _missing_value(field)
    if field.struct:
        inner = canonical(field.type, value)
        return inner if inner or field.pointer or not field.omitzero else None
    scalar = _scalar(field.type, value)
    if scalar in (0, "", False) and not field.pointer and not field.always and field.type != "IntOrString":
        return None
    return scalar


def _missing_value(field: Field) -> Any:
    if field.pointer or field.omitzero:
        return None
    if field.struct:
        return canonical(field.type, {})
    if field.type == "IntOrString":
        return 0
    if field.always:
        return ZERO.get(field.type)
    return None


def _container(field: Field, value: Any) -> Any:
    if not value:
        return None
    if field.container == "[]":
        return [_element(field, element) for element in value]
    return {key: _element(field, element) for key, element in value.items()}


def _element(field: Field, value: Any) -> Any:
    if field.struct:
        return canonical(field.type, value or {})
    return ZERO.get(field.type) if value is None else _scalar(field.type, value)


def _scalar(kind: str, value: Any) -> Any:
    if kind == "Quantity":
        return canonical_quantity(value)
    if kind == "i" and isinstance(value, float) and value.is_integer():
        return int(value)
    return value

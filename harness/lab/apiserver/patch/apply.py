"""Server-side apply, without ownership of fields: what is applied is set, nothing else is removed.

Lists merge by their keys, sets by value, atomic ones are replaced.
https://kubernetes.io/docs/reference/using-api/server-side-apply/#merge-strategy
"""

from typing import Any

from harness.lab.apiserver.schema import Field, types

KEY_DEFAULTS = {"protocol": "TCP"}


def applied(type_name: str, target: dict[str, Any], intent: dict[str, Any]) -> dict[str, Any]:
    """Return `target`, an object of `type_name`, with every field of `intent` set."""
    fields = types()[type_name].fields
    result = dict(target)
    for key, value in intent.items():
        field = fields.get(key)
        if value is None or field is None or key not in result:
            result[key] = value
        else:
            result[key] = _field(field, result[key], value)
    return result


def _field(field: Field, current: Any, value: Any) -> Any:
    if field.atomic or current is None:
        return value
    if field.container == "[]" and field.keys:
        return _by_keys(field, current, value)
    if field.container == "[]":
        return [*current, *(one for one in value if one not in current)] if field.set else value
    if field.container == "{}":
        return {**current, **value}
    return applied(field.type, current, value) if field.struct and isinstance(value, dict) else value


def _by_keys(field: Field, current: list[Any], value: list[Any]) -> list[Any]:
    def identity(one: dict[str, Any]) -> tuple[Any, ...]:
        return tuple(one.get(key, KEY_DEFAULTS.get(key)) for key in field.keys)

    held = {identity(one): one for one in current}
    for one in value:
        held[identity(one)] = applied(field.type, held.get(identity(one), {}), one)
    return list(held.values())

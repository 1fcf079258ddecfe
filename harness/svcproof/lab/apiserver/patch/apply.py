"""Server-side apply: sets the fields of an intent, and removes those of its manager's former intent.

Lists merge by their keys, sets by value, atomic ones are replaced. Fields are owned by what was applied only, so there
are no conflicts. https://kubernetes.io/docs/reference/using-api/server-side-apply/#merge-strategy
"""

from collections.abc import Sequence
from typing import Any

from svcproof.lab.apiserver.schema import Field, types

KEY_DEFAULTS = {"protocol": "TCP"}
Fields = dict[str, Any]


def applied(type_name: str, target: Fields, intent: Fields) -> Fields:
    """Return `target`, an object of `type_name`, with every field of `intent` set."""
    fields = types()[type_name].fields
    result = dict(target)
    for key, value in intent.items():
        field = fields.get(key)
        if value is None or field is None or key not in result:
            result[key] = value
        else:
            result[key] = _applied(field, result[key], value)
    return result


def withdrawn(type_name: str, target: Fields, before: Fields, kept: Sequence[Fields]) -> Fields:
    """Return `target` without the fields of `before` that are in none of the intents in `kept`."""
    fields = types()[type_name].fields
    result = dict(target)
    for key, value in before.items():
        field = fields.get(key)
        if field is None or key not in result:
            continue
        still = [intent[key] for intent in kept if intent.get(key) is not None]
        if not still:
            result.pop(key)
        elif not field.atomic:
            result[key] = _withdrawn(field, result[key], value, still)
    return result


def _applied(field: Field, current: Any, value: Any) -> Any:
    if field.atomic or current is None:
        return value
    if field.container == "[]" and field.keys:
        held = {_identity(field, element): element for element in current}
        for element in value:
            key = _identity(field, element)
            held[key] = applied(field.type, held.get(key, {}), element)
        return list(held.values())
    if field.container == "[]":
        return [*current, *(element for element in value if element not in current)] if field.set else value
    if field.container == "{}":
        return {**current, **value}
    return applied(field.type, current, value) if field.struct and isinstance(value, dict) else value


def _withdrawn(field: Field, current: Any, before: Any, kept: list[Any]) -> Any:
    if field.container == "[]" and field.keys:
        kept_keys = {_identity(field, element) for several in kept for element in several}
        gone = {_identity(field, element) for element in before} - kept_keys
        return [element for element in current if _identity(field, element) not in gone]
    if field.container == "[]":
        gone_values = [element for element in before if not any(element in several for several in kept)]
        return [element for element in current if element not in gone_values] if field.set else current
    if field.container == "{}":
        gone_keys = set(before) - {key for several in kept for key in several}
        return {key: element for key, element in current.items() if key not in gone_keys}
    if field.struct and isinstance(current, dict):
        return withdrawn(field.type, current, before, kept)
    return current


def _identity(field: Field, element: Fields) -> tuple[Any, ...]:
    return tuple(element.get(key, KEY_DEFAULTS.get(key)) for key in field.keys)

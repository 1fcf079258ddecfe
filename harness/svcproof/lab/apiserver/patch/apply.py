"""Server-side apply: sets the fields of an intent, and removes those of its manager's former intent.

Lists merge by their keys, sets by value, atomic ones are replaced. Fields are owned by what was applied only, so there
are no conflicts. https://kubernetes.io/docs/reference/using-api/server-side-apply/#merge-strategy
"""

from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from typing import Any

from svcproof.lab.apiserver.schema import Field, types

KEY_DEFAULTS = {"protocol": "TCP"}
Fields = dict[str, Any]


@dataclass(slots=True)
class Intents:
    """The last intents, as long as the server runs, by the object's uid and the manager's name."""

    _intents: dict[str, dict[str, Fields]] = dataclass_field(default_factory=dict)

    def apply(self, type_name: str, item: Fields, manager: str, intent: Fields) -> Fields:
        """Return `item` as it is once `manager` applies `intent`; the intent is not recorded yet."""
        intents = self._intents.get(item["metadata"].get("uid", ""), {})
        others = [other for name, other in intents.items() if name != manager]
        item = without_intent(type_name, item, intents.get(manager, {}), [intent, *others])
        return with_intent(type_name, item, intent)

    def remember(self, uid: str, manager: str, intent: Fields) -> None:
        """Record an intent that has been applied."""
        self._intents.setdefault(uid, {})[manager] = intent


def with_intent(type_name: str, target: Fields, intent: Fields) -> Fields:
    """Return `target`, an object of `type_name`, with every field of `intent` set."""
    fields = types()[type_name].fields
    result = dict(target)
    for key, value in intent.items():
        field = fields.get(key)
        if value is None or field is None or key not in result:
            result[key] = value
        else:
            result[key] = _value_with(field, result[key], value)
    return result


def without_intent(type_name: str, target: Fields, old_intent: Fields, intents: Sequence[Fields]) -> Fields:
    """Return `target` without the fields of `old_intent` that are in none of `intents`."""
    fields = types()[type_name].fields
    result = dict(target)
    for key, value in old_intent.items():
        field = fields.get(key)
        if field is None or key not in result:
            continue
        values = [intent[key] for intent in intents if intent.get(key) is not None]
        if not values:
            result.pop(key)
        elif not field.atomic:
            result[key] = _value_without(field, result[key], value, values)
    return result


def _value_with(field: Field, current: Any, value: Any) -> Any:
    if field.atomic or current is None:
        return value
    if field.container == "[]" and field.keys:
        elements = {_identity(field, element): element for element in current}
        for element in value:
            key = _identity(field, element)
            elements[key] = with_intent(field.type, elements.get(key, {}), element)
        return list(elements.values())
    if field.container == "[]":
        return [*current, *(element for element in value if element not in current)] if field.set else value
    if field.container == "{}":
        return {**current, **value}
    return with_intent(field.type, current, value) if field.struct and isinstance(value, dict) else value


def _value_without(field: Field, current: Any, old_value: Any, values: list[Any]) -> Any:
    if field.container == "[]" and field.keys:
        kept_keys = {_identity(field, element) for elements in values for element in elements}
        gone = {_identity(field, element) for element in old_value} - kept_keys
        return [element for element in current if _identity(field, element) not in gone]
    if field.container == "[]":
        gone_values = [element for element in old_value if not any(element in elements for elements in values)]
        return [element for element in current if element not in gone_values] if field.set else current
    if field.container == "{}":
        gone_keys = set(old_value) - {key for elements in values for key in elements}
        return {key: element for key, element in current.items() if key not in gone_keys}
    if field.struct and isinstance(current, dict):
        return without_intent(field.type, current, old_value, values)
    return current


def _identity(field: Field, element: Fields) -> tuple[Any, ...]:
    return tuple(element.get(key, KEY_DEFAULTS.get(key)) for key in field.keys)

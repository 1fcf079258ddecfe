"""The fields of every kind: one table from which decoding, strictness, pruning and merging are done.

`fields.json` maps a type (`core.ServiceSpec`) to its fields by JSON name (`<N` for the inlined field with protobuf
number N): `number`, `type` (another entry, or one of s i b y Time MicroTime Quantity IntOrString Raw), `container`
(`[]` or `{}`), `pointer`, `inline`, `always` (written even when zero), `omitzero`, and how lists merge: `mergeKey`
and `strategy` in strategic merge patches, `keys`, `set`, `atomic` in applies. `tests/goldens/fields.py` makes it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a type."""

    number: int
    type: str
    container: str = ""
    pointer: bool = False
    inline: bool = False
    always: bool = False
    omitzero: bool = False
    merge_key: str = ""
    strategy: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    set: bool = False
    atomic: bool = False

    @property
    def null(self) -> bool:
        """True if the field is written as null where it has no value."""
        if self.type in {"Time", "MicroTime"} and not self.container:
            return not self.pointer and not self.omitzero
        return self.always and not self.pointer

    @property
    def implied(self) -> bool:
        """True if the field is written even where it is missing."""
        whole = (self.struct or self.type == "IntOrString") and not (self.container or self.pointer or self.omitzero)
        return self.null or whole

    @property
    def struct(self) -> bool:
        """True if the value, or each element of it, has an entry in the table."""
        return "." in self.type


@dataclass(frozen=True, slots=True)
class Type:
    """`fields` by JSON name with inlined fields spread out; `numbered` as protobuf sees them, name and field.

    `implied` are the names of fields that are written even where they are missing.
    """

    fields: Mapping[str, Field]
    numbered: Mapping[int, tuple[str, Field]]
    implied: frozenset[str]


@cache
def types() -> Mapping[str, Type]:
    """Return the types of the table by name."""
    raw = json.loads(resources.files(__package__).joinpath("fields.json").read_text())
    direct = {name: {key: _field(value) for key, value in fields.items()} for name, fields in raw.items()}
    return {name: _type(fields, _inlined_fields(direct, name)) for name, fields in direct.items()}


def _type(direct: Mapping[str, Field], spread: Mapping[str, Field]) -> Type:
    return Type(
        fields=spread,
        numbered={field.number: (key, field) for key, field in direct.items()},
        implied=frozenset(key for key, field in spread.items() if field.implied),
    )


def _inlined_fields(direct: Mapping[str, Mapping[str, Field]], name: str) -> Mapping[str, Field]:
    spread: dict[str, Field] = {}
    for key, field in direct[name].items():
        spread |= _inlined_fields(direct, field.type) if field.inline else {key: field}
    return spread


def _field(raw: Mapping[str, Any]) -> Field:
    attributes = {"merge_key" if key == "mergeKey" else key: value for key, value in raw.items()}
    strategy = tuple(filter(None, raw.get("strategy", "").split(",")))
    return Field(**{**attributes, "strategy": strategy, "keys": tuple(raw.get("keys", ()))})

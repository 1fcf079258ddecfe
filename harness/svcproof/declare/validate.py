"""A document made into a model, or all that speaks against it, in words."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from copy import deepcopy
from itertools import takewhile
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from svcproof.declare.document import Document, Loc, Mistake
from svcproof.errors import UsageError, near
from svcproof.model.words import Declared
from svcproof.printable import quoted

Spec = TypeVar("Spec", bound=Declared)
MOST = 100
"""Mistakes of one declaration that are told."""
SET_BY_US = {
    "name": "the file's name says it",
    "version": "the command line says it, as name@version",
    "named": "the key features says it",
    "keep": "the command line says it, as --keep",
}
"""Fields of a spec that are not keys of its file, and why."""


def validate(
    document: Document,
    model: type[Spec],
    check: Callable[[Spec], Iterable[Mistake]] = lambda _: (),
    stand_in: dict[str, Any] | None = None,
) -> Spec:
    """Make `document` a `model`; raises UsageError with every mistake in it.

    `check` looks across fields. It is asked about the sound part of the document even when another part is not;
    there `stand_in` holds a value for each required key.
    """
    value = {key: item for key, item in document.value.items() if key not in SET_BY_US}
    lines = list(document.problems)
    lines += [
        document.line(Mistake((key,), f"is not a key: {SET_BY_US[key]}"), at_key=True)
        for key in document.value
        if key in SET_BY_US
    ]
    spec, errors = _parse(model, value)
    unread, wrong = document.unread, [error["loc"] for error in errors]
    lines += [
        _line(document, model, error)
        for error in errors
        if not _is_of(error["loc"], unread) and not (error["type"] == "too_short" and _hold_more(wrong, error["loc"]))
    ]
    sound, left_out = (spec, []) if spec else _sound_part(model, value, stand_in or {})
    left_out += document.unread
    if sound:
        lines += [document.line(place) for place in check(sound) if not any(_touch(place.loc, cut) for cut in left_out)]
    if lines or spec is None:
        raise UsageError(_bounded(sorted(dict.fromkeys(lines), key=_position)))
    return spec


def _is_of(loc: Loc, unread: Iterable[Loc]) -> bool:
    return any(loc[: len(place)] == place for place in unread)


def _hold_more(wrong: Iterable[Loc], loc: Loc) -> bool:
    """True where something in the value at `loc` is wrong: pydantic leaves that out, and finds the rest too short."""
    return any(len(place) > len(loc) and place[: len(loc)] == loc for place in wrong)


def _bounded(lines: list[str]) -> list[str]:
    rest = len(lines) - MOST
    return lines if rest <= 0 else [*lines[:MOST], f"… and {rest} more mistakes"]


def _parse(model: type[Spec], value: dict[str, Any]) -> tuple[Spec | None, Sequence[ErrorDetails]]:
    # As JSON, so that `strict` still lets a string be an address or a member of an enum, but no 3 be a "3".
    try:
        text = json.dumps(value)
        return model.model_validate_json(text, strict=True, by_alias=True, by_name=False), ()
    except ValidationError as error:
        return None, error.errors(include_url=False)


def _sound_part(model: type[Spec], value: dict[str, Any], stand_in: dict[str, Any]) -> tuple[Spec | None, list[Loc]]:
    """Leave out what does not fit until the rest does; list items go with their whole list, so that indexes hold."""
    value, left_out = deepcopy(value), list[Loc]()
    while True:
        spec, errors = _parse(model, stand_in | value)
        if spec:
            return spec, left_out
        unknown = {error["loc"] for error in errors if error["type"] == "extra_forbidden"}
        wrong = {tuple(takewhile(lambda part: isinstance(part, str), error["loc"])) for error in errors}
        cuts = [(cut, keys in unknown) for keys in sorted(wrong, key=len, reverse=True) if (cut := _cut(value, keys))]
        if not cuts:
            return None, left_out
        left_out += [cut for cut, is_unknown in cuts if not is_unknown]


def _cut(value: dict[str, Any], keys: Loc) -> Loc:
    """Delete the innermost of `keys` that is there, and return the way to it."""
    inner, holders = value, list[dict[str, Any]]()
    for key in keys:
        if not isinstance(inner, dict) or key not in inner:
            break
        holders.append(inner)
        inner = inner[str(key)]
    if holders:
        del holders[-1][str(keys[len(holders) - 1])]
    return keys[: len(holders)]


def _touch(place: Loc, other: Loc) -> bool:
    shared = min(len(place), len(other))
    return place[:shared] == other[:shared]


def _line(document: Document, model: type[Declared], error: ErrorDetails) -> str:
    loc, kind = _shown(error["loc"]), error["type"]
    if kind == "extra_forbidden":
        *above, key = loc
        what = "unknown key" + near(str(key), _keys(model, tuple(above)))
        return document.line(Mistake(loc, what), at_key=True)
    what = error["msg"].removeprefix("Value error, ")
    what = what[:1].lower() + what[1:]
    got = error["input"]
    if kind in {"enum", "literal_error"}:
        what = f"{_got(document, loc, got)} is unknown" + near(
            str(got), re.findall(r"'([^']+)'", error["ctx"]["expected"])
        )
    elif kind == "missing":
        what = "is missing"
    elif kind == "too_short" and isinstance(got, list):
        what = f"needs at least {error['ctx']['min_length']} item, and has {error['ctx']['actual_length']}"
    elif kind == "value_error" and isinstance(got, str) and what.startswith(("is ", "has ", "holds ", "must ")):
        what = f"{quoted(got)} {what}"
    elif kind != "value_error" and not isinstance(got, dict | list):
        what += f" (got {_got(document, loc, got)})"
    return document.line(Mistake(loc, what))


def _shown(loc: Loc) -> Loc:
    """The way to a value as the file has it: pydantic names a mapping's key itself with a part of its own."""
    return loc[:-1] if loc and loc[-1] == "[key]" else loc


def _got(document: Document, loc: Loc, value: object) -> str:
    """A value as it is written, where that says more than what YAML makes of it."""
    text = document.places[loc].text if loc in document.places else ""
    if isinstance(value, bool | None):
        kind = "nothing" if value is None else f"{value}".lower()
        return f"{quoted(text, bare=True)}, which is {kind} to YAML: quote it" if text not in ("", kind) else kind
    return quoted(value)


def _keys(model: type[BaseModel], above: Loc) -> list[str]:
    """Return the keys that the mapping at `above` may have."""
    for part in above:
        fields = {field.alias: field.annotation for field in model.model_fields.values()}
        inner = next(_models(fields.get(str(part))), None) if isinstance(part, str) else model
        if inner is None:
            return []
        model = inner
    return [alias for field in model.model_fields.values() if (alias := field.alias) and alias not in SET_BY_US]


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _models(inner)


def _position(line: str) -> tuple[int, ...]:
    place = re.search(r":(\d+):(\d+): ", line)
    return tuple(int(number) for number in place.groups()) if place else ()

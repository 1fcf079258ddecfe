"""Frozen values as JSON and back, checked against their types; the lab's process does without a library for it."""

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

from svcproof.addresses import Address, Range

TEXTS: dict[Any, Callable[[str], Any]] = {Range: ip_network, Address: ip_address, Path: Path}
"""The types that are written as text, with the function that reads each."""


def encoded(value: Any) -> Any:
    """Return a value, made of data classes and what they hold, as JSON can hold it."""
    if is_dataclass(value):
        return {field.name: encoded(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, range):
        return [value.start, value.stop]
    if isinstance(value, tuple):
        return [encoded(item) for item in value]
    return value if isinstance(value, int | str) else str(value)


def decoded(kind: Any, value: Any) -> Any:
    """Return the value of a type that `encoded` made JSON of; raises ValueError where it is not one."""
    if isinstance(kind, type) and is_dataclass(kind):
        hints = get_type_hints(kind)
        if not isinstance(value, dict) or value.keys() != hints.keys():
            raise ValueError(f"{value!r:.60} should have the keys {', '.join(hints)}")
        return kind(**{name: decoded(hint, value[name]) for name, hint in hints.items()})
    if kind is range:
        start, stop = decoded(tuple[int, ...], value)
        return range(start, stop)
    if get_origin(kind) is tuple:
        if not isinstance(value, list):
            raise ValueError(f"{value!r:.60} should be a list")
        return tuple(decoded(get_args(kind)[0], item) for item in value)
    if read := TEXTS.get(kind):
        return read(decoded(str, value))
    if type(value) is not kind:
        raise ValueError(f"{value!r:.60} should be of type {kind.__name__}")
    return value

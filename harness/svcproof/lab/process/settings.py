"""The settings of a lab's process, which the harness writes before it starts it: as JSON, checked against its types.

The lab's process does without a library for that.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

from svcproof.addresses import Address, Range
from svcproof.disk import UnreadableError, opened, read_record, write_private
from svcproof.lab.components import Component
from svcproof.lab.directory import Directory
from svcproof.lab.layout import Layout
from svcproof.ledger import scratch

TEXTS: dict[Any, Callable[[str], Any]] = {Range: ip_network, Address: ip_address, Path: Path}
"""The types that are written as text, with the function that reads each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything the lab's process needs to know.

    `listener` is the number of an inherited socket that listens on the host's loopback; `token` lets clients of
    the API in, `secret` those of the agents; `faults` are written `part/name`; `agent` is the path of the Python
    program that runs on each client outside the cluster, empty for none; `components` have the place of
    parts of the lab's own.
    """

    layout: Layout
    directory: Directory
    listener: int
    token: str
    secret: str
    faults: tuple[str, ...] = ()
    agent: str = ""
    components: tuple[Component, ...] = ()

    def component(self, name: str) -> Component | None:
        """Return the component of this name, or None where the lab has a part of its own in its place."""
        return next((component for component in self.components if component.name == name), None)

    def write(self) -> None:
        """Write them into the lab's directory, for this user alone."""
        write_private(self.directory.settings, json.dumps(encoded(self)))


def read(directory: Directory) -> Settings:
    """Read what `Settings.write` wrote.

    Raises UntrustedError where others could have written it, UnreadableError where it is anything else.
    """
    with opened(directory.path, scratch.REMEDY) as descriptor:
        record = read_record(directory.settings, descriptor)
    try:
        settings: Settings = decoded(Settings, record)
    except ValueError as error:
        raise UnreadableError(f"{directory.settings} has not the settings of a lab: {error}") from error
    return settings


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

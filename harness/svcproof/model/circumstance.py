"""Circumstances of a check that did not hold: what went on around it that it neither saw nor did itself."""

from dataclasses import dataclass

from svcproof.json_objects import Object


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectState:
    """An object as the API server had it from some time on; `content` is without what explains nothing.

    `writers` are the names of those who manage fields of it, as far as the API server tells. `deleted`: it is gone,
    and this is what it was.
    """

    kind: str
    """The API kind."""
    name: str
    """The name of the object."""
    namespace: str = ""
    """The namespace of the object; empty where it is in none."""
    resource_version: str = ""
    """The resourceVersion from which on it was so."""
    deleted: bool = False
    writers: tuple[str, ...] = ()
    content: Object


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleChange:
    """A change of the rules on a node that concern the Services of the check: what came, and what went.

    Neither: they were listed then, for the last time, and had not changed any more.
    """

    node: str
    """The name of the node."""
    came: tuple[str, ...] = ()
    """The rules that came."""
    gone: tuple[str, ...] = ()
    """The rules that went."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLine:
    """A line that a program printed, such as the proxy on a node."""

    program: str
    """The name of the program."""
    node: str = ""
    """The node on which it runs; empty where it is on none."""
    line: str
    """The line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A node, or a client outside of the cluster: its name and addresses, by which others see it."""

    name: str
    """The name."""
    addresses: tuple[str, ...]
    """The IP addresses."""
    zone: str = ""
    """The zone of a node; empty where it has none."""
    outside: bool = False
    """True of a client outside of the cluster."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstance:
    """One circumstance. Exactly one of the fields from `state` on is there.

    `at` is in seconds since the check began; what was so before has a time below 0.
    """

    at: float
    state: ObjectState | None = None
    rules: RuleChange | None = None
    log: LogLine | None = None
    place: Place | None = None

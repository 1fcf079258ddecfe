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
    name: str
    namespace: str = ""
    resource_version: str = ""
    deleted: bool = False
    writers: tuple[str, ...] = ()
    content: Object


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleChange:
    """A change of the rules on a node that concern the Services of the check: what came, and what went."""

    node: str
    came: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLine:
    """A line that a program printed, such as the proxy on a node."""

    program: str
    node: str = ""
    line: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A node, or a client outside of the cluster: its name and addresses, by which others see it."""

    name: str
    addresses: tuple[str, ...]
    zone: str = ""
    outside: bool = False


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

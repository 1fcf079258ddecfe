"""The rules for nft as a value: chains with their rules, sets and maps with their elements."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from svcproof.reference_proxy.family import Family

TABLE = "service-proxy"
TABLES = (TABLE, "service-proxy-before")
"""The tables that a proxy may have its rules in, one at a time: the other is its mode, or release, of before."""


@dataclass(frozen=True, slots=True)
class Chain:
    """Rules in order. `hook` is the declaration of a base chain, empty for one that others jump to."""

    rules: tuple[str, ...]
    hook: str = ""


@dataclass(frozen=True, slots=True)
class SetOrMap:
    """A named set or map and its elements: values by key for a map, empty values for a set.

    `elements` is None if the kernel fills it; the proxy then leaves its elements alone.
    """

    kind: str
    declaration: str
    elements: Mapping[str, str] | None = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ruleset:
    """The whole table of one family: its chains, and its sets and maps, by name."""

    family: Family
    chains: Mapping[str, Chain]
    sets: Mapping[str, SetOrMap]
    table: str = TABLE

"""What nft should hold, as a value: chains with their rules, maps with their elements."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from svcproof.reference_proxy.family import Family

TABLE = "service-proxy"


@dataclass(frozen=True, slots=True)
class Chain:
    """Rules in order. `hook` is the declaration of a base chain, empty for one that others jump to."""

    rules: tuple[str, ...]
    hook: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A named set or map and what is in it: values by key for a map, empty values for a set.

    `elements` is None where the kernel fills it, and nobody else touches what it has collected.
    """

    kind: str
    declaration: str
    elements: Mapping[str, str] | None = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ruleset:
    """The whole table of one family, by name."""

    family: Family
    chains: Mapping[str, Chain]
    tables: Mapping[str, Table]

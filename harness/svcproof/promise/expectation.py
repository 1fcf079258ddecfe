"""Clients, and what each may see over many tries; each part of an expectation has the rule that decides it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from svcproof.model.behaviour import Level
from svcproof.model.probe import Outcome
from svcproof.model.vocabulary import Feature
from svcproof.promise.parsing import address_of, range_of


class Where(StrEnum):
    """The three kinds of places that clients are in."""

    POD = "a pod"
    HOST = "the host network of a node"
    OUTSIDE = "outside the cluster"


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """The one who asks: a pod on `node`, the host network of `node`, or a client outside, whose `node` is empty."""

    name: str
    where: Where
    node: str = ""
    addresses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule of the specification. `name` is a sentence in snake case, `text` says it whole, in our words."""

    name: str
    text: str
    clause: str
    """The URL of the clause that it follows from."""
    level: Level
    kep: int | None = None
    since: str = ""
    """The release from which on it is promised; empty where it is as old as the base API."""
    feature: Feature | None = None
    """The feature that a proxy has to claim for the rule to bind it."""


class Aspect(StrEnum):
    """The parts of an expectation."""

    ANSWERED = "answered"
    BACKENDS = "backends"
    PREFERENCE = "preference"
    """Those that answer are in `should`."""
    SPREAD = "spread"
    """Each backend in `must` answers."""
    SILENCE = "silence"
    SOURCE = "source"
    STICKY = "sticky"
    HEALTH = "health"
    """The status that a node gives at a health check port."""


class Answered(StrEnum):
    """The share of many tries that one of our own answers."""

    ALWAYS = "always"
    NEVER = "never"
    OPEN = "open"
    """Nothing is promised: whoever answers must be among those that may."""


Backend = tuple[str, int]
"""Address and port of an endpoint."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """The observations that many tries of one client at one target may make."""

    answered: Answered
    may: frozenset[Backend] | None = frozenset()
    """The backends that may answer; None: nothing is promised of who answers."""
    should: frozenset[Backend] | None = None
    """Those of them that should answer in the place of the others; None where there is no preference."""
    must: frozenset[Backend] = frozenset()
    """Those of them that each answer at least once, over enough tries and all clients that are alike."""
    silence: frozenset[Outcome] = frozenset()
    """The outcomes that not being answered may have; empty where any may be seen."""
    sources: frozenset[str] | None = None
    """The addresses and ranges that a backend may see the client come from; None where any may be seen."""
    any_source: frozenset[Backend] = frozenset()
    """The backends that may see any address all the same, such as a client that is answered by itself."""
    sticky_seconds: int = 0
    """The time within which one backend answers all tries of this client; 0 where that is not promised."""
    rules: Mapping[Aspect, Rule] = field(default_factory=dict)
    """The rule that decides each aspect; an aspect that nothing is promised of has the rule that says so, or none."""

    @property
    def sticky(self) -> bool:
        """True if one backend answers all tries of this client that are made within `sticky_seconds`."""
        return self.sticky_seconds > 0

    def admits_source(self, backend: Backend, source: str) -> bool:
        """True if this backend may see the client come from this address."""
        if self.sources is None or backend in self.any_source:
            return True
        address = address_of(source)
        return any(address in range_of(admitted) for admitted in self.sources)

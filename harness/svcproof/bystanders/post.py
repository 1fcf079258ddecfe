"""A post: one vantage that asks one question of a bystander again and again, and what it must see."""

from collections.abc import Mapping
from dataclasses import dataclass

from svcproof.agent.queries import Query
from svcproof.model.bystander import Kind
from svcproof.model.probe import Lookup, Observation, Outcome, Target
from svcproof.promise.expectation import Answered, Aspect, Expectation

GREETED = Outcome.STRANGER
"""The outcome of a probe of a server that is none of ours: it said something."""
ACCEPTED = "EOF"
"""The error of a connection that was accepted and ended without a word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One vantage, one question and the bystander that it is about: by these a post is told from all others."""

    service: str
    kind: Kind
    door: str
    """The door, in words."""
    question: Target | Query
    vantage: str
    node: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """The sight of a post where the rules of the specification say what it must see."""

    expectation: Expectation
    names: Mapping[tuple[str, int], str]
    """The names of pods, by the address and port of their endpoints."""

    def fits(self, what: Observation | Lookup) -> bool:
        """True if one look is as the expectation says: who answers must be among those that may."""
        if not isinstance(what, Observation):
            return False
        pod = what.answer.pod if what.answer else ""
        answered, may = self.expectation.answered, self.pods(self.expectation.may)
        if answered is Answered.NEVER or not pod:
            return answered is not Answered.ALWAYS and not pod
        return may is None or pod in may

    def pods(self, backends: "frozenset[tuple[str, int]] | None") -> frozenset[str] | None:
        """The names of these backends' pods; None where it is open who answers."""
        return None if backends is None else frozenset(self.names.get(backend, str(backend)) for backend in backends)

    @property
    def silent(self) -> bool:
        """True if nobody must answer."""
        return self.expectation.answered is Answered.NEVER

    @property
    def rule(self) -> str:
        """The name of the rule that decides it."""
        rules = self.expectation.rules
        rule = rules.get(Aspect.ANSWERED) or rules.get(Aspect.BACKENDS)
        return rule.name if rule else ""

    def __str__(self) -> str:
        pods = self.pods(self.expectation.may)
        whom = "any of ours" if pods is None else ", ".join(sorted(pods))
        return {
            Answered.ALWAYS: f"answered by {whom}",
            Answered.NEVER: "answered by nobody",
            Answered.OPEN: f"answered by {whom}, or by nobody",
        }[self.expectation.answered]


@dataclass(frozen=True, slots=True)
class Greeted:
    """A server that is none of ours must accept the connection."""

    rule: str = ""
    silent: bool = False

    def fits(self, what: Observation | Lookup) -> bool:
        """True if somebody accepted the connection."""
        return isinstance(what, Observation) and (what.outcome is GREETED or what.errno == ACCEPTED)

    def __str__(self) -> str:
        return "accepted"


@dataclass(frozen=True, slots=True)
class Resolved:
    """A DNS server must answer with these records; without any, it must answer at all."""

    records: frozenset[str] = frozenset()
    rule: str = ""
    silent: bool = False

    def fits(self, what: Observation | Lookup) -> bool:
        """True if the answer has these records and no others."""
        if not isinstance(what, Lookup):
            return False
        if not self.records:
            return what.code == "NOERROR"
        return frozenset(record.rstrip(".") for record in what.records) == self.records

    def __str__(self) -> str:
        return f"resolved to {', '.join(sorted(self.records))}" if self.records else "answered"


Expected = Served | Greeted | Resolved


def seen(what: Observation | Lookup) -> str:
    """One look in words, without who looked at what."""
    if isinstance(what, Lookup):
        return f"{what.code} {', '.join(sorted(what.records))}".rstrip()
    by = f" by {what.answer.pod}" if what.answer else ""
    return f"{what.outcome}{by}{f' ({what.errno})' if what.errno else ''}"

"""A check that did not hold, as its diagnosis needs it: the step that failed, its last looks, and the API's side."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from svcproof.diagnosis.api_view import ApiView
from svcproof.diagnosis.expectation import Expectation, expectation, promised
from svcproof.diagnosis.served import Served, served
from svcproof.model.event import PROBES, Change, Differing, Event
from svcproof.model.fact import Fact
from svcproof.model.probe import Lookup, Observation, Outcome, Target
from svcproof.model.step import Step, StepEnd, StepKind


@dataclass(frozen=True, slots=True)
class Look:
    """The last look of a step from one vantage at one target: each different observation, with its number.

    `over_all` has these of all looks of the step, and `at` is when the first of them began.
    """

    vantage: str
    node: str
    target: Target
    at: float
    last: float
    seen: tuple[tuple[Observation, int], ...]
    over_all: tuple[tuple[Observation, int], ...]

    @property
    def backends(self) -> Counter[str]:
        """The number of answers by pod."""
        return _backends(self.seen)

    @property
    def backends_over_all(self) -> Counter[str]:
        """The number of answers by pod, in all looks of the step."""
        return _backends(self.over_all)

    @property
    def outcomes(self) -> Counter[Outcome]:
        """The number of probes by outcome."""
        counts: Counter[Outcome] = Counter()
        for observation, count in self.seen:
            counts[observation.outcome] += count
        return counts

    @property
    def total(self) -> int:
        """The number of probes."""
        return sum(count for _, count in self.seen)

    @property
    def answered(self) -> int:
        """The number of probes that were answered."""
        return self.outcomes[Outcome.ANSWERED]


class Case:
    """A fact, read."""

    def __init__(self, fact: Fact) -> None:
        self.fact = fact
        ended = self.step.ended if self.step else fact.seconds
        # What came later was no longer looked at.
        self.view = ApiView([each for each in fact.circumstances if each.at <= ended or each.place])

    @cached_property
    def number(self) -> int | None:
        """The number of the step that was refuted, the innermost; None where none was."""
        refuted = [number for number, step in enumerate(self.fact.steps) if step.end is StepEnd.REFUTED]
        return refuted[-1] if refuted else None

    @property
    def step(self) -> Step | None:
        """The step that was refuted."""
        return None if self.number is None else self.fact.steps[self.number]

    @cached_property
    def expectation(self) -> Expectation:
        """The expectation of that step, as far as its words can be read; of a sweep, where it differs most gravely."""
        if self.differing:
            return promised(self.differing[0])
        return expectation(self.step.expected if self.step else "")

    @cached_property
    def events(self) -> tuple[Event, ...]:
        """The events of the failing step; of an assert, which sees nothing itself, those before it."""
        if self.number is None:
            return ()
        own = tuple(event for event in self.fact.events if event.step == self.number and _is_seen(event))
        if own or self.fact.steps[self.number].kind is not StepKind.ASSERT:
            return own
        before = [event for event in self.fact.events if _is_seen(event)]
        return tuple(event for event in before if event.step == before[-1].step) if before else ()

    @cached_property
    def differing(self) -> tuple[Differing, ...]:
        """The differences in the last look of a sweep, of the gravest kind: who answers and should not comes first."""
        every = [each for event in self.events if event.sweep for each in event.sweep.differences]
        worst = min(map(_gravity, every), default=0)
        first = next((each for each in every if _gravity(each) == worst), None)
        return tuple(each for each in every if first and _kind(each) == _kind(first))

    @cached_property
    def looks(self) -> tuple[Look, ...]:
        """The last look from each vantage at each target."""
        probes = [event for event in self.events if event.probe]
        keys = dict.fromkeys(key for event in probes if (key := _key(event)))
        if self.differing:
            differing = {(each.vantage, each.target) for each in self.differing}
            keys = {key: None for key in keys if key in differing}
        return tuple(_look([event for event in probes if _key(event) == key]) for key in keys)

    @cached_property
    def lookups(self) -> tuple[tuple[Event, Lookup], ...]:
        """The DNS queries of the failing step."""
        return tuple((event, event.lookup) for event in self.events if event.lookup)

    @property
    def end(self) -> float:
        """The time at which the last look began."""
        return max((event.last for event in self.events), default=self.step.ended if self.step else 0.0)

    @cached_property
    def changes(self) -> tuple[tuple[float, Change], ...]:
        """The changes that the check made before it failed, with their times."""
        return tuple(
            (event.at, event.change) for event in self.fact.events if event.change and not event.change.refused
        )

    def served(self, target: Target) -> Served | None:
        """The Service at a target."""
        return served(self.view, target)


def _gravity(differing: Differing) -> int:
    """The lower, the graver: an answer by somebody who should not give it, none, one that is otherwise wrong."""
    nobody = differing.expected.startswith("nobody answers")
    return 0 if nobody else 1 if differing.aspect == "answered" else 2


def _kind(differing: Differing) -> tuple[str, ...]:
    seen = differing.seen if differing.aspect == "spread" else ""
    return differing.aspect, differing.answered, *differing.backends, "", *differing.allowed, seen


def _is_seen(event: Event) -> bool:
    return isinstance(event.what, PROBES)


def _key(event: Event) -> tuple[str, Target] | None:
    return (event.probe.vantage, event.probe.target) if event.probe else None


def _look(events: Sequence[Event]) -> Look:
    last = max(event.last for event in events)
    probes = [(event, event.probe) for event in events if event.probe]
    first = probes[0][1]
    # Of those that were seen more than once it is not kept how often in the last look: their share stands for it.
    return Look(
        vantage=first.vantage,
        node=first.node,
        target=first.target,
        at=min(event.at for event in events),
        last=last,
        seen=tuple((probe, event.count) for event, probe in probes if event.last == last),
        over_all=tuple((probe, event.count) for event, probe in probes),
    )


def _backends(seen: Sequence[tuple[Observation, int]]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for observation, count in seen:
        if observation.answer:
            counts[observation.answer.pod] += count
    return counts

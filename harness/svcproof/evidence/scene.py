"""The scene of a check, from what it saw and did: its Services, its vantages, its last change, its failing probe."""

from collections.abc import Sequence
from dataclasses import dataclass

from svcproof.model.event import Change, Event, Reading
from svcproof.model.fact import Fact
from svcproof.model.probe import Observation, Outcome, Target
from svcproof.model.step import Step, StepEnd

SERVICE = "Service"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """The Services, objects, targets and vantages that the events of a check name; times are seconds since it began.

    `services` and `objects` are (namespace, name), the latter of all kinds that the check changed.
    """

    services: tuple[tuple[str, str], ...] = ()
    objects: tuple[tuple[str, str], ...] = ()
    targets: tuple[Target, ...] = ()
    vantages: tuple[str, ...] = ()
    last_change: float = 0.0
    failing: Observation | None = None
    """The last probe that did not do what was expected."""


def scene(fact: Fact) -> Scene:
    """The scene of a check."""
    changes = [event for event in fact.events if event.change and not event.change.refused]
    probes = [event.probe for event in fact.events if event.probe]
    return Scene(
        services=tuple(dict.fromkeys(name for event in fact.events if (name := _service(event)))),
        objects=tuple(dict.fromkeys((change.namespace, change.name) for change in map(_change, changes) if change)),
        targets=tuple(dict.fromkeys(probe.target for probe in probes)),
        vantages=tuple(dict.fromkeys(probe.vantage for probe in probes)),
        last_change=max((event.at for event in changes), default=0.0),
        failing=failing_probe(fact.events, fact.steps),
    )


def failing_probe(events: Sequence[Event], steps: Sequence[Step]) -> Observation | None:
    """The last probe of the step that did not hold: from a vantage at which it was not right in the end.

    Of several in its last look, one that was not answered.
    """
    failed = [number for number, step in enumerate(steps) if step.end is not StepEnd.HELD]
    probes = [event for event in events if event.probe]
    own = [event for event in probes if failed and event.step == failed[-1]] or probes
    wrong = {part.vantage for number in failed[-1:] for part in steps[number].settling if part.settled is None}
    last = [event for event in own if event.probe and event.probe.vantage in wrong] or own
    if not last:
        return None
    latest = max(event.last for event in last)
    look = [event.probe for event in last if event.last == latest and event.probe]
    return next((probe for probe in look if probe.outcome is not Outcome.ANSWERED), look[0])


def _change(event: Event) -> Change | None:
    return event.change


def _service(event: Event) -> tuple[str, str] | None:
    """The Service that an event is about."""
    what = event.what
    if isinstance(what, Change | Reading) and what.kind == SERVICE and what.name:
        return what.namespace, what.name
    return None

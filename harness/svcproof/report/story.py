"""The story of a check in words: its steps, and in each what was seen and changed, with the seconds since it began."""

import json
from functools import singledispatch

from svcproof.model.circumstance import Circumstance, LogLine, ObjectState, RuleChange
from svcproof.model.event import (
    Change,
    Environment,
    Event,
    HarnessAction,
    HttpStatus,
    LinkAddress,
    Reading,
    Sweep,
)
from svcproof.model.fact import Fact
from svcproof.model.probe import Lookup, Observation
from svcproof.model.step import Step, StepEnd
from svcproof.model.traffic import Traffic

LONGEST = 300
"""Characters of what was sent with a change that are shown."""


def story(fact: Fact) -> list[str]:
    """The lines of the story: one for each step, and an indented one for each event and circumstance."""
    events = [(event.at, 1, line(event)) for event in fact.events]
    steps = [(step.began, 0, heading(step)) for step in fact.steps if step.expected]
    around = [(each.at, 2, beside(each)) for each in fact.circumstances if each.at >= 0 and each.place is None]
    return [text for _, _, text in sorted(steps + events + around, key=lambda entry: entry[:2])]


def heading(step: Step) -> str:
    """A step in one line."""
    end = "" if step.end is StepEnd.HELD else f": {step.end}"
    return f"{step.began:8.3f} s  {step.kind}: {step.expected}{end} ({step.ended - step.began:.3f} s)"


def line(event: Event) -> str:
    """An event in one line, with its time."""
    times = f"{event.count} x " if event.count > 1 else ""
    until = f", until {event.until:.3f} s" if event.until is not None and event.until > event.at else ""
    return f"{event.at:8.3f} s    {times}{sentence(event.what)}{until}"


def beside(circumstance: Circumstance) -> str:
    """A circumstance in one line, with its time."""
    what = circumstance.state or circumstance.rules or circumstance.log
    return f"{circumstance.at:8.3f} s    ({sentence(what)})"


@singledispatch
def sentence(what: object) -> str:
    """An event or a circumstance in words, without its time."""
    raise TypeError(f"no event holds {type(what).__name__}")


@sentence.register
def _(what: Observation) -> str:
    return str(what).rpartition(" after ")[0]


@sentence.register
def _(what: Lookup) -> str:
    return str(what)


@sentence.register
def _(what: Reading) -> str:
    if what.name:
        return f"API: {what.kind} {what.name} at resourceVersion {what.resource_version}"
    return f"API: {what.objects} of {what.kind} {what.labels}".rstrip()


@sentence.register
def _(what: HttpStatus) -> str:
    return f"{what.vantage} -> http {what.address}:{what.port}{what.path}: status {what.status}"


@sentence.register
def _(what: LinkAddress) -> str:
    return f"{what.vantage}: {what.address} is at {what.hardware or 'no hardware address'}"


@sentence.register
def _(what: Environment) -> str:
    return f"{what.vantage} has {what.variables} variables; its resolv.conf: {what.resolv_conf!r}"


@sentence.register
def _(what: Traffic) -> str:
    return str(what)


@sentence.register
def _(what: Sweep) -> str:
    return str(what)


@sentence.register
def _(what: Change) -> str:
    sent = "" if what.sent is None else f" {what.sent if isinstance(what.sent, str) else json.dumps(what.sent)}"
    refused = f": refused: {what.refused}" if what.refused else ""
    return f"{what.verb} {what.kind} {what.name}{_cut(sent)}{refused}"


@sentence.register
def _(what: HarnessAction) -> str:
    return f"{what.action}: {what.on}"


@sentence.register
def _(what: ObjectState) -> str:
    content = {key: value for key, value in what.content.items() if key != "metadata"}
    state = "is gone" if what.deleted else f"at resourceVersion {what.resource_version}: {_cut(json.dumps(content))}"
    return f"API server: {what.kind} {what.name} {state}"


@sentence.register
def _(what: RuleChange) -> str:
    lines = [f"+ {line}" for line in what.came] + [f"- {line}" for line in what.gone] or ["no further change"]
    return f"rules of {what.node}: {_cut('; '.join(lines))}"


@sentence.register
def _(what: LogLine) -> str:
    return f"{what.program}{f' on {what.node}' if what.node else ''}: {_cut(what.line)}"


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} ..."

"""Convergence: how long after a change what it brings about showed from each vantage. Pure functions of a fact."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from svcproof.model.event import Change, Event, Verb
from svcproof.model.fact import Fact
from svcproof.model.step import Settling, Step, StepKind


class ChangeKind(StrEnum):
    """The kind of a change that a proxy, a DNS server or a load balancer has to follow."""

    SERVICE_MADE = "Service made"
    SERVICE_DELETED = "Service deleted"
    PORTS_CHANGED = "ports changed"
    ADDRESSES_CHANGED = "addresses changed"
    POLICY_CHANGED = "policy changed"
    ENDPOINT_JOINED = "endpoint joined"
    ENDPOINT_LEFT = "endpoint left"
    ENDPOINTS_CHANGED = "EndpointSlice changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Convergence:
    """The time that one vantage took to see what one change brings about, and no longer anything else.

    All times are seconds since the API server, or the pod, acknowledged the change. `settled` is the beginning of the
    first look after which each was right; None where the check stopped waiting before there was one. `resolution` is
    the time between that look and the one before it, or the change: it may have shown so much earlier.
    """

    behaviour: str
    kind: ChangeKind
    change: int
    """The number of the change's event in the fact."""
    vantage: str
    node: str
    first_right: float | None
    last_wrong: float | None
    settled: float | None
    resolution: float | None


FIELDS: Mapping[str, ChangeKind] = {
    "ports": ChangeKind.PORTS_CHANGED,
    "externalIPs": ChangeKind.ADDRESSES_CHANGED,
    "loadBalancerIP": ChangeKind.ADDRESSES_CHANGED,
    "loadBalancer": ChangeKind.ADDRESSES_CHANGED,
    "type": ChangeKind.ADDRESSES_CHANGED,
    "ipFamilies": ChangeKind.ADDRESSES_CHANGED,
    "ipFamilyPolicy": ChangeKind.ADDRESSES_CHANGED,
    "selector": ChangeKind.ENDPOINTS_CHANGED,
    "externalTrafficPolicy": ChangeKind.POLICY_CHANGED,
    "internalTrafficPolicy": ChangeKind.POLICY_CHANGED,
    "trafficDistribution": ChangeKind.POLICY_CHANGED,
    "sessionAffinity": ChangeKind.POLICY_CHANGED,
    "sessionAffinityConfig": ChangeKind.POLICY_CHANGED,
    "loadBalancerSourceRanges": ChangeKind.POLICY_CHANGED,
    "publishNotReadyAddresses": ChangeKind.POLICY_CHANGED,
}
"""The kind of change that a key of a Service's spec or status makes. Of several, the first in this order counts."""
OF_PODS: Mapping[Verb, ChangeKind] = {
    Verb.CREATE: ChangeKind.ENDPOINT_JOINED,
    Verb.READY: ChangeKind.ENDPOINT_JOINED,
    Verb.UNREADY: ChangeKind.ENDPOINT_LEFT,
    Verb.DELETE: ChangeKind.ENDPOINT_LEFT,
}


def convergences(fact: Fact) -> tuple[Convergence, ...]:
    """The convergences of one check, in the order of its changes: of each change that it awaited by `eventually`.

    Of several changes before one such step it is the last that counts. Controls, and steps before which nothing was
    changed, measure none.
    """
    return tuple(_convergences(fact))


def _convergences(fact: Fact) -> Iterator[Convergence]:
    after = 0.0
    for step in _awaiting(fact):
        kinds = {
            number: kind
            for number, event in enumerate(fact.events)
            if after <= event.at <= step.began and (kind := kind_of(event, fact.events)) is not None
        }
        after = step.ended
        if kinds:
            change = max(kinds)
            for settling in step.settling:
                yield _convergence(fact, change, kinds[change], settling)


def _awaiting(fact: Fact) -> Iterator[Step]:
    controls = {number for number, step in enumerate(fact.steps) if step.kind is StepKind.CONTROL}
    return (step for step in fact.steps if step.kind is StepKind.EVENTUALLY and step.inside not in controls)


def _convergence(fact: Fact, number: int, kind: ChangeKind, settling: Settling) -> Convergence:
    event = fact.events[number]
    changed = event.at + (event.change.seconds if event.change else 0.0)

    def since(moment: float | None) -> float | None:
        return None if moment is None else round(max(0.0, moment - changed), 4)

    settled = since(settling.settled)
    return Convergence(
        behaviour=fact.id,
        kind=kind,
        change=number,
        vantage=settling.vantage,
        node=settling.node,
        first_right=since(settling.first_right),
        last_wrong=since(settling.last_wrong),
        settled=settled,
        resolution=None if settled is None else round(settled - (since(settling.last_wrong) or 0.0), 4),
    )


def kind_of(event: Event, events: tuple[Event, ...]) -> ChangeKind | None:
    """The kind of change that an event is, among the events of its check; None where nobody has to follow it."""
    change = event.change
    if change is None or change.refused:
        return None
    match change.kind.rpartition(" ")[2], change.verb:
        case "Service", Verb.CREATE:
            return ChangeKind.SERVICE_MADE
        case "Service", Verb.DELETE:
            return ChangeKind.SERVICE_DELETED
        case "Service", _:
            keys = _keys(change.sent)
            return next((kind for key, kind in FIELDS.items() if key in keys), None)
        case "EndpointSlice", _:
            return ChangeKind.ENDPOINTS_CHANGED
        case "Pod", Verb.PATCH:
            return _relabelled(change, events)
        case "Pod", verb:
            return OF_PODS.get(verb)
    return None


def _keys(sent: Any) -> set[str]:
    """The keys below spec and status that a merge patch, a JSON patch or a manifest names."""
    if isinstance(sent, Mapping):
        parts = [sent.get(part) for part in ("spec", "status")]
        return {key for part in parts if isinstance(part, Mapping) for key in part}
    paths = [str(operation.get("path", "")).split("/") for operation in sent or () if isinstance(operation, Mapping)]
    return {path[2] for path in paths if len(path) > 2 and path[1] in {"spec", "status"}}


def _relabelled(change: Change, events: tuple[Event, ...]) -> ChangeKind | None:
    """A pod whose labels change joins if a Service of the check selects them from then on, and leaves if none does."""
    labels = _within(change.sent, "metadata", "labels")
    if not labels:
        return None
    selectors = [_within(made.change.sent, "spec", "selector") for made in events if made.change]
    joins = any(
        selector and all(labels.get(key) == value for key, value in selector.items() if key in labels)
        for selector in selectors
        if set(selector) & set(labels)
    )
    return ChangeKind.ENDPOINT_JOINED if joins else ChangeKind.ENDPOINT_LEFT


def _within(sent: Any, *keys: str) -> Mapping[str, Any]:
    for key in keys:
        sent = sent.get(key) if isinstance(sent, Mapping) else None
    return sent if isinstance(sent, Mapping) else {}

"""Several expectations as one, where nothing says which of them holds."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Generic, TypeVar

from svcproof.promise.expectation import Answered, Aspect, Expectation, Rule

Item = TypeVar("Item")

ASPECTS: Mapping[Aspect, Callable[[Expectation], object]] = {
    Aspect.ANSWERED: lambda part: part.answered,
    Aspect.BACKENDS: lambda part: part.may,
    Aspect.PREFERENCE: lambda part: part.should,
    Aspect.SPREAD: lambda part: part.must,
    Aspect.SILENCE: lambda part: part.silence,
    Aspect.SOURCE: lambda part: (part.sources, part.any_source),
    Aspect.STICKY: lambda part: part.sticky_seconds,
}


@dataclass(frozen=True, slots=True)
class Reading(Generic[Item]):
    """A point that the API leaves open: `others` makes the further readings of a value that `rule` allows."""

    rule: Rule
    others: Callable[[Item], Iterable[Item]]


def agreed(value: Item, readings: Sequence[Reading[Item]], settle: Callable[[Item], Expectation]) -> Expectation:
    """Return what all readings of a value agree upon; `settle` makes the expectation of one."""
    for place, reading in enumerate(readings):
        others = [other for other in reading.others(value) if other != value]
        if others:
            later = readings[place + 1 :]
            return either([agreed(item, later, settle) for item in (value, *others)], reading.rule)
    return settle(value)


def either(parts: Sequence[Expectation], why: Rule) -> Expectation:
    """Return what holds whichever of the parts does; `why` is the rule of each aspect in which they differ."""
    first = parts[0]
    if all(part == first for part in parts):
        return first
    heard = [part for part in parts if part.answered is not Answered.NEVER]
    silent = [part for part in parts if part.answered is not Answered.ALWAYS]
    may = _union(part.may for part in parts)
    should = _union(part.may if part.should is None else part.should for part in parts)
    joined = Expectation(
        answered=first.answered if len({part.answered for part in parts}) == 1 else Answered.OPEN,
        may=may,
        should=None if should == may else should,
        must=frozenset.intersection(*(part.must for part in parts)),
        silence=_union(part.silence or None for part in silent) or frozenset(),
        sources=_union(part.sources for part in heard) if heard else None,
        any_source=frozenset(chain.from_iterable(part.any_source for part in heard)),
        sticky_seconds=min((part.sticky_seconds for part in heard), default=0),
    )
    return replace(joined, rules={aspect: rule for aspect in ASPECTS if (rule := _rule(aspect, parts, why))})


def _union(parts: Iterable[frozenset[Item] | None]) -> frozenset[Item] | None:
    """The union of all; None, which stands for everything, if one of them is None."""
    known: set[Item] = set()
    for part in parts:
        if part is None:
            return None
        known |= part
    return frozenset(known)


def _rule(aspect: Aspect, parts: Sequence[Expectation], why: Rule) -> Rule | None:
    value = ASPECTS[aspect]
    if any(value(part) != value(parts[0]) for part in parts):
        return why
    return next((part.rules[aspect] for part in parts if aspect in part.rules), None)

"""Several expectations as one, where nothing says which of them holds."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Generic, TypeVar

from svcproof.promise.expectation import Answered, Aspect, Expectation, Rule

Item = TypeVar("Item")

VALUES: Mapping[Aspect, Callable[[Expectation], object]] = {
    Aspect.ANSWERED: lambda part: None if part.answered is Answered.OPEN else part.answered,
    Aspect.BACKENDS: lambda part: part.may,
    Aspect.PREFERENCE: lambda part: part.should,
    Aspect.SPREAD: lambda part: part.must or None,
    Aspect.SILENCE: lambda part: part.silence or None,
    Aspect.SOURCE: lambda part: part.sources,
    Aspect.STICKY: lambda part: part.sticky_seconds or None,
}
"""The promise of each aspect; None where there is none."""


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
    """Return what holds whichever of the parts does.

    An aspect of which something is promised still has the rule of the first part that promises it; one of which
    nothing is any more, since the parts differ, has `why`.
    """
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
    rules = {
        aspect: _rule(aspect, silent if aspect is Aspect.SILENCE else heard or parts, joined, why) for aspect in VALUES
    }
    return replace(joined, rules={aspect: rule for aspect, rule in rules.items() if rule})


def _union(parts: Iterable[frozenset[Item] | None]) -> frozenset[Item] | None:
    """The union of all; None, which stands for everything, if one of them is None."""
    known: set[Item] = set()
    for part in parts:
        if part is None:
            return None
        known |= part
    return frozenset(known)


def _rule(aspect: Aspect, parts: Sequence[Expectation], joined: Expectation, why: Rule) -> Rule | None:
    promise = VALUES[aspect]
    promising = [part for part in parts if promise(part) is not None]
    if promising and promise(joined) is None:
        return why
    return next((part.rules[aspect] for part in promising or parts if aspect in part.rules), None)

"""A run that is not made: what is known of it before its cluster is up."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from svcproof.model.behaviour import Behaviour
from svcproof.model.vocabulary import Capability, unmet

Groups = Mapping[str, tuple[Behaviour, ...]]
"""Behaviours by what they have in common, in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The behaviours that a run selects, and what it would do with them.

    `untestable` groups by the reason those that the cluster will not have what it takes for; `checked` are the others.
    `younger` groups those of them that are untestable in an earlier release, and `pending` those that are a SHOULD
    there: the releases of the cluster and its proxy are known once it is up.
    """

    checked: tuple[Behaviour, ...]
    untestable: Groups
    younger: Groups
    pending: Groups


def plan(behaviours: Sequence[Behaviour], lacking: Mapping[Capability, str], *, ignore_release: bool = False) -> Plan:
    """Say what a run on a cluster that lacks these capabilities would do with the behaviours."""
    reasons = {behaviour: unmet(behaviour.capabilities, lacking) for behaviour in behaviours}
    checked = tuple(behaviour for behaviour in behaviours if not reasons[behaviour])
    return Plan(
        checked=checked,
        untestable=_grouped((reason, behaviour) for behaviour, reason in reasons.items()),
        younger=_grouped((one.promise if one.since and not ignore_release else "", one) for one in checked),
        pending=_grouped((one.must_from and f"a MUST from {one.must_from} on", one) for one in checked),
    )


def _grouped(named: Iterable[tuple[str, Behaviour]]) -> Groups:
    groups: dict[str, list[Behaviour]] = defaultdict(list)
    for name, behaviour in named:
        if name:
            groups[name].append(behaviour)
    return {name: tuple(members) for name, members in groups.items()}

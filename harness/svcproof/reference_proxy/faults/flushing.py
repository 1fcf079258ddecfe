"""Flows are forgotten at the wrong moment, or some of those that should be are not."""

import time
from collections.abc import Iterable
from dataclasses import replace

from svcproof.fault import Fault
from svcproof.reference_proxy import conntrack
from svcproof.reference_proxy.endpoints import Choose
from svcproof.reference_proxy.family import IPV4, Family
from svcproof.reference_proxy.flows import Flow, Flows, unsettled
from svcproof.reference_proxy.frontends import Frontends
from svcproof.reference_proxy.ruleset import Ruleset
from svcproof.reference_proxy.stages import Stages
from svcproof.reference_proxy.state import State

GAP = 0.3
"""Seconds between the flows that are forgotten and the rules that lead them elsewhere."""


def _before_the_rules(stages: Stages) -> Stages:
    """Forget flows before the rules are loaded, and none after."""
    now: dict[Family, Frontends] = {}
    last: dict[Family, Frontends] = {}

    def frontends(state: State, family: Family, choose: Choose) -> Frontends:
        last[family] = now.get(family, ())
        now[family] = stages.frontends(state, family, choose)
        return now[family]

    def change(loaded: Ruleset | None, target: Ruleset) -> tuple[str, ...]:
        family = target.family
        targets = unsettled(last[family], now[family])
        if conntrack.forget(family, targets, lambda flows: stages.stale(flows, last[family], now[family])):
            time.sleep(GAP)
        return stages.change(loaded, target)

    return replace(stages, frontends=frontends, change=change, stale=lambda flows, before, after: frozenset())


def _sparing_the_assured(stages: Stages) -> Stages:
    """Forget the flows that the kernel does not call assured: those that are short or were never answered."""

    def stale(flows: Iterable[Flow], before: Frontends, after: Frontends) -> Flows:
        forgotten = stages.stale(flows, before, after)
        entries = conntrack.udp_entries(IPV4, frozenset((flow.address, flow.port) for flow in forgotten))
        return forgotten - {entry.flow for entry in entries if entry.assured}

    return replace(stages, stale=stale)


FAULTS: tuple[Fault[Stages], ...] = (
    Fault(
        "udp-flush-before-rules",
        "UDP flows are forgotten before the new rules are there, so that one which goes on is remembered wrongly anew.",
        _before_the_rules,
        "https://github.com/kubernetes/kubernetes/issues/103857",
    ),
    Fault(
        "udp-assured-socket-pinned",
        "UDP flows that have gone back and forth for seconds stay with their endpoint when it is gone.",
        _sparing_the_assured,
        "https://github.com/cilium/cilium/issues/27300",
    ),
)

"""Each way to be wrong is wrong about something, and loads."""

from collections.abc import Callable, Iterator
from functools import cache

import pytest

from svcproof.fault import Fault
from svcproof.reference_proxy.family import IPV4
from svcproof.reference_proxy.faults import FAULTS, flushing, outages, restarts, sysctls
from svcproof.reference_proxy.flows import Flow
from svcproof.reference_proxy.frontends import Frontends
from svcproof.reference_proxy.nft import NftError
from svcproof.reference_proxy.proxy import FamilyProxy
from svcproof.reference_proxy.ruleset import TABLE, Ruleset
from svcproof.reference_proxy.stages import Stages
from svcproof.reference_proxy.state import State
from tests.reference_proxy.bench import Bench
from tests.reference_proxy.histories import HISTORIES
from tests.reference_proxy.odd_objects import ODD_OBJECTS, state_of

SOUND = Stages()
STOPPING = {
    "externalip-without-endpoints-panics",
    "fqdn-slice-wedges-proxy",
    "headless-service-wedges-proxy",
    "host-name-of-load-balancer-wedges-proxy",
    "lbsr-overlap-wedges-proxy",
    "lbsr-whitespace-wedges-proxy",
    "other-family-slice-wedges-proxy",
    "slice-without-ports-wedges-proxy",
    "wrong-family-ip-wedges-proxy",
}
"""Faults whose rules the kernel refuses: that is what they are."""
History = Callable[[Stages], tuple[State, ...]]


def outcomes(stages: Stages, history: tuple[State, ...]) -> list[object]:
    """Return what the stages make of a history, step by step: rules, forgotten flows and health answers."""
    results: list[object] = []
    before: Frontends = ()
    loaded: Ruleset | None = None
    known: set[Flow] = set()
    for state in history:
        selected = stages.select(state)
        try:
            frontends = stages.frontends(selected, IPV4, stages.choose)
        except NftError as trouble:
            return [*results, trouble]
        known |= flows(SOUND.frontends(SOUND.select(state), IPV4, SOUND.choose))
        rules = stages.rules(frontends, state.node, IPV4)
        steps = stages.change(loaded, rules)
        results.append((rules, steps, stages.stale(known, before, frontends), stages.health(selected)))
        before, loaded = frontends, rules
    return results


def flows(frontends: Frontends) -> set[Flow]:
    """A flow to every endpoint of every frontend, and one that no rule has met."""
    return {
        Flow(one.address, one.port, answerer, port)
        for one in frontends
        for answerer, port in ((one.address, one.port), *((end.address, end.port) for end in one.reachable))
    }


def histories() -> Iterator[History]:
    """Give every history, as a function of the stages that read it."""
    for states in HISTORIES:
        yield lambda stages, states=states: states  # type: ignore[misc]
    for objects in ODD_OBJECTS:
        yield lambda stages, objects=objects: (state_of(objects, stages),)  # type: ignore[misc]


@cache
def sound_outcomes(number: int) -> list[object]:
    """Return what the sound proxy makes of the history of this number."""
    return outcomes(SOUND, tuple(histories())[number](SOUND))


def history_that_shows(fault: Fault[Stages]) -> History | None:
    """Return the first history in which the fault makes a difference."""
    for number, history in enumerate(histories()):
        stages = fault.mutate(SOUND)
        if outcomes(stages, history(stages)) != sound_outcomes(number):
            return history
    return None


OF_PROGRAMS = {fault.name for fault in (*flushing.FAULTS, *restarts.FAULTS, *outages.FAULTS, *sysctls.FAULTS)}
"""Faults that show in what a program finds in the kernel, or in the reports it gets: not in states alone."""
FAULT = {fault.name: fault for fault in FAULTS if fault.name not in OF_PROGRAMS}


def shown(name: str, stages: Stages) -> tuple[State, ...]:
    """Return a history in which the fault of this name makes a difference, as these stages read it."""
    history = history_that_shows(FAULT[name])
    assert history
    return history(stages)


def test_each_fault_makes_a_difference_in_some_history() -> None:
    of_states = [fault for fault in FAULTS if fault.name not in OF_PROGRAMS]
    assert [fault.name for fault in of_states if history_that_shows(fault) is None] == []


@pytest.mark.lab
@pytest.mark.parametrize("name", sorted(FAULT.keys() - STOPPING))
def test_the_rules_under_a_fault_load(name: str, node: Bench) -> None:
    stages = FAULT[name].mutate(SOUND)
    proxy = FamilyProxy(IPV4, stages)
    for state in shown(name, stages):
        proxy.sync(stages.select(state))
    assert "hook prerouting" in node.run("node", "nft", "list", "table", "ip", TABLE)


@pytest.mark.lab
@pytest.mark.parametrize("name", sorted(STOPPING))
@pytest.mark.usefixtures("node")
def test_a_fault_that_stops_all_updates_loads_nothing(name: str) -> None:
    stages = FAULT[name].mutate(SOUND)
    proxy = FamilyProxy(IPV4, stages)
    (state, *_) = shown(name, stages)
    with pytest.raises(NftError):
        proxy.sync(state)

"""Each way to be wrong is wrong about something, and loads."""

import pytest

from svcproof.lab.faults.proxy import FAULTS
from svcproof.reference_proxy.family import IPV4
from svcproof.reference_proxy.faults import MUTATIONS, mutated
from svcproof.reference_proxy.flows import Flow
from svcproof.reference_proxy.frontends import Frontends
from svcproof.reference_proxy.nft import NftError
from svcproof.reference_proxy.proxy import FamilyProxy
from svcproof.reference_proxy.ruleset import TABLE, Ruleset
from svcproof.reference_proxy.stages import Stages
from svcproof.reference_proxy.state import State
from tests.reference_proxy.bench import Bench
from tests.reference_proxy.stories import STORIES

SOUND = Stages()
WEDGING = {"externalip-without-endpoints-panics", "wrong-family-ip-wedges-proxy"}


def outcomes(stages: Stages, story: tuple[State, ...]) -> list[object]:
    """What the stages make of a story: rules, forgotten flows and health answers, step by step."""
    seen: list[object] = []
    before: Frontends = ()
    loaded: Ruleset | None = None
    known: set[Flow] = set()
    for state in story:
        selected = stages.select(state)
        try:
            frontends = stages.frontends(selected, IPV4, stages.choose)
        except NftError as trouble:
            return [*seen, str(trouble)]
        known |= flows(SOUND.frontends(SOUND.select(state), IPV4, SOUND.choose))
        rules = stages.rules(frontends, state.node, IPV4)
        steps = stages.change(loaded, rules)
        seen.append((rules, steps, stages.stale(known, before, frontends), stages.health(selected)))
        before, loaded = frontends, rules
    return seen


def flows(frontends: Frontends) -> set[Flow]:
    """A flow to every endpoint of every frontend, and one that no rule has met."""
    return {
        Flow(one.address, one.port, answerer, port)
        for one in frontends
        for answerer, port in ((one.address, one.port), *((end.address, end.port) for end in one.reachable))
    }


def test_each_mutation_is_listed_as_a_fault_and_has_a_story() -> None:
    assert {fault.name for fault in FAULTS} == {f"proxy/{name}" for name in MUTATIONS}
    assert STORIES.keys() == MUTATIONS.keys()


@pytest.mark.parametrize("name", STORIES)
def test_a_mutation_changes_what_comes_of_its_story(name: str) -> None:
    assert outcomes(mutated(SOUND, [name]), STORIES[name]) != outcomes(SOUND, STORIES[name])


@pytest.mark.lab
@pytest.mark.parametrize("name", sorted(STORIES.keys() - WEDGING))
def test_the_rules_of_a_mutation_load(name: str, node: Bench) -> None:
    stages = mutated(SOUND, [name])
    proxy = FamilyProxy(IPV4, stages)
    for state in STORIES[name]:
        proxy.sync(stages.select(state))
    assert "hook prerouting" in node.run("node", "nft", "list", "table", "ip", TABLE)


@pytest.mark.lab
@pytest.mark.parametrize("name", sorted(WEDGING))
@pytest.mark.usefixtures("node")
def test_a_mutation_that_stops_all_updates_loads_nothing(name: str) -> None:
    proxy = FamilyProxy(IPV4, mutated(SOUND, [name]))
    with pytest.raises(NftError):
        proxy.sync(STORIES[name][0])

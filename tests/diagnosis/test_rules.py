"""Sentences about the rules on nodes, where somebody recorded them."""

import pytest

from svcproof.diagnosis import divergence
from svcproof.model.circumstance import Circumstance, ObjectState, Place, RuleChange
from svcproof.model.event import Change, Event, Verb
from svcproof.model.fact import Fact, Finding
from svcproof.model.probe import Observation, Outcome, Target
from svcproof.model.step import Step, StepEnd, StepKind

pytestmark = pytest.mark.timeout(10)
TARGET = Target("10.96.0.9", 80)
NODES = {"node-a": "172.30.0.11", "node-b": "172.30.0.12"}
STATE = ObjectState(
    kind="Service",
    name="web",
    namespace="ns",
    content={"spec": {"clusterIPs": ["10.96.0.9"], "ports": [{"port": 80, "protocol": "TCP"}]}},
)


def fact(*rules, made=True):
    """A check whose Service answers on node-b and not on node-a, with these changes of rules."""
    probes = [
        Observation(vantage="client-a", node="node-a", target=TARGET, outcome=Outcome.DROPPED, seconds=1.0),
        Observation(vantage="client-b", node="node-b", target=TARGET, outcome=Outcome.ANSWERED, seconds=0.0),
    ]
    change = Change(verb=Verb.CREATE, kind="Service", name="web", namespace="ns")
    return Fact(
        id="web_answers",
        finding=Finding.REFUTED,
        steps=(
            Step(
                kind=StepKind.EVENTUALLY,
                expected="every probe is answered by one of our backends",
                began=0.1,
                ended=4.0,
                end=StepEnd.REFUTED,
            ),
        ),
        events=(
            *([Event(at=0.0, step=0, change=change)] if made else []),
            *(Event(at=3.0, step=0, probe=probe) for probe in probes),
        ),
        circumstances=(
            *(Circumstance(at=0.0, place=Place(name=name, addresses=(address,))) for name, address in NODES.items()),
            Circumstance(at=0.01, state=STATE),
            *(Circumstance(at=at, rules=change) for at, change in rules),
        ),
    )


def came(node, *lines):
    return RuleChange(node=node, came=lines)


def test_node_without_a_rule_is_named_and_when_the_others_got_theirs():
    sentence = divergence(fact((0.9, came("node-b", "dnat 10.96.0.9 . 80")), (3.5, RuleChange(node="node-a")))).sentence

    assert "node-a has no rule that names 10.96.0.9; node-b got theirs 0.90 s after it was made" in sentence


def test_rule_for_a_longer_address_is_another():
    rules = [(0.9, came(node, "dnat 10.96.0.99 . 80")) for node in NODES]

    assert "no node has got a rule that names 10.96.0.9 " in divergence(fact(*rules)).sentence


def test_rule_that_went_again_is_not_there():
    rules = [(0.5, came("node-a", "dnat 10.96.0.9")), (0.9, RuleChange(node="node-a", gone=("dnat 10.96.0.9",)))]

    assert "node-a has no rule" in divergence(fact(*rules, (0.6, came("node-b", "dnat 10.96.0.9")))).sentence


def test_rule_that_one_node_alone_has_is_quoted():
    rules = [(0.9, came("node-a", "10.96.0.9 : drop")), (0.9, came("node-b", "10.96.0.9 : goto web"))]

    assert "node-a alone has the rule `10.96.0.9 : drop`" in divergence(fact(*rules)).sentence


@pytest.mark.parametrize("unknown", [fact(), fact((0.9, came("node-b", "dnat 10.96.0.9")))])
def test_nothing_is_said_of_a_node_whose_rules_nobody_recorded(unknown):
    assert "rule" not in divergence(unknown).sentence


def test_nothing_is_said_of_the_rules_of_a_service_that_was_there_before():
    rules = [(0.9, RuleChange(node=node)) for node in NODES]

    assert "rule" not in divergence(fact(*rules, made=False)).sentence

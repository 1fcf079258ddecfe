"""The first divergence and the circumstances of a check, in the terminal and in JUnit."""

from dataclasses import replace

import pytest

from svcproof.model.circumstance import Circumstance, LogLine, ObjectState, Place, RuleChange
from svcproof.model.divergence import Divergence
from svcproof.report.junit import document
from svcproof.report.story import story
from svcproof.report.words import explain

SENTENCE = "node-b still sends every connection on to echo-1\x1b[0m"
SHOWN = "node-b still sends every connection on to echo-1\\x1b[0m"
pytestmark = pytest.mark.timeout(10)


def diverging(run, name):
    """The run in which the fact of this behaviour has a divergence."""
    divergence = Divergence(sentence=SENTENCE, node="node-b", object="Pod echo-1")
    facts = (replace(fact, divergence=divergence) if fact.id == name else fact for fact in run.facts)
    return replace(run, facts=tuple(facts))


def case_of(run, name):
    cases = document(run, run.verdicts()).iter("testcase")
    return next(case for case in cases if case.get("name") == name)


def test_the_terminal_tells_it_after_the_requirement_and_before_the_reason(every_kind):
    run = diverging(every_kind, "fails")
    text = explain(run.verdicts()[1], run.header).plain

    assert text.index("A client sees") < text.index(f"found: {SHOWN}") < text.index("every node was to answer")


def test_a_failure_in_junit_begins_with_it(every_kind):
    assert case_of(diverging(every_kind, "fails"), "fails").find("failure").text.startswith(f"found: {SHOWN}\n")


def test_what_is_weak_has_it_as_a_property(every_kind):
    properties = case_of(diverging(every_kind, "is_weak"), "is_weak").find("properties")

    assert {each.get("name"): each.get("value") for each in properties}["found"] == SHOWN


def test_nothing_is_said_where_nothing_diverged(every_kind):
    assert "found:" not in explain(every_kind.verdicts()[1], every_kind.header).plain


def test_the_story_has_what_went_on_meanwhile_in_the_order_of_time(every_kind):
    state = ObjectState(kind="Pod", name="echo-1", resource_version="7", content={"status": {"ready": True}})
    fact = replace(
        every_kind.facts[0],
        circumstances=(
            Circumstance(at=0.0, place=Place(name="node-a", addresses=("172.30.0.11",))),
            Circumstance(at=-1.0, state=state),
            Circumstance(at=0.05, state=replace(state, deleted=True)),
            Circumstance(at=3.0, log=LogLine(program="proxy", node="node-a", line="serving 3 Services")),
            Circumstance(at=0.2, rules=RuleChange(node="node-b", came=("one",), gone=("another",))),
        ),
    )

    assert story(fact) == [
        "   0.050 s    (API server: Pod echo-1 is gone)",
        "   0.100 s  eventually: every probe is answered (4.000 s)",
        "   0.100 s    3 x outside-1 -> tcp 172.30.0.11:30001: dropped, until 2.200 s",
        "   0.200 s    (rules of node-b: + one; - another)",
        "   3.000 s    (proxy on node-a: serving 3 Services)",
    ]

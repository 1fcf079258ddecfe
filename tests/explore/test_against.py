"""Two proxies compared at one vantage and door: in which aspect they differ, and where chance may be the reason."""

from dataclasses import replace

import pytest

from svcproof.explore.against import Pair, differing
from svcproof.model.probe import Answer, Observation, Outcome, Protocol, Target
from svcproof.promise.expectation import Answered, Aspect, Client, Expectation, Where
from svcproof.sweep import Cell, Door

TARGET = Target("10.96.0.1", 80)
CELL = Cell(
    client=Client(name="client-node-a", where=Where.POD, node="node-a"),
    door=Door(target=TARGET),
    expected=Expectation(answered=Answered.ALWAYS),
)


def seen(*words: str) -> tuple[Observation, ...]:
    """Observations: the name of a pod that answered, or an outcome."""
    return tuple(map(observed, words))


def observed(word: str) -> Observation:
    if word in set(Outcome):
        return Observation(vantage="client-node-a", target=TARGET, outcome=Outcome(word), seconds=0.1)
    answer = Answer(
        pod=word, node="node-a", namespace="a", port=8080, protocol=Protocol.TCP, source="10.244.1.2", source_port=4000
    )
    return Observation(vantage="client-node-a", target=TARGET, outcome=Outcome.ANSWERED, seconds=0.1, answer=answer)


@pytest.mark.parametrize(
    ("ours", "others", "aspect"),
    [
        (seen("echo-0", "echo-1"), seen("echo-1", "echo-1"), None),
        (seen("echo-0", "dropped"), seen("echo-0", "echo-0"), Aspect.ANSWERED),
        (seen("refused"), seen("echo-0"), Aspect.ANSWERED),
        (seen("refused"), seen("dropped"), None),
        (seen("refused", "dropped"), seen("dropped"), None),
    ],
)
def test_two_proxies_differ_where_chance_is_not_the_reason(ours, others, aspect) -> None:
    assert Pair(CELL, ours, others).aspect is aspect


def test_backends_differ_where_none_answered_at_the_door_on_both() -> None:
    other = replace(CELL, client=replace(CELL.client, name="client-node-b"))
    apart = {CELL: seen("echo-0"), other: seen("echo-0")}, {CELL: seen("echo-1"), other: seen("echo-1")}
    by_chance = {CELL: seen("echo-0"), other: seen("echo-1")}, {CELL: seen("echo-1"), other: seen("echo-0")}
    assert [pair.aspect for pair in differing(*apart)] == [Aspect.BACKENDS] * 2
    assert list(differing(*by_chance)) == []


def test_a_difference_is_told_with_the_promise_beside_it() -> None:
    told = str(Pair(CELL, seen("refused"), seen("echo-0", "echo-0")))
    assert told.startswith("client-node-a at address 10.96.0.1 80/tcp: refused (1); the other: answered by echo-0 (2)")
    assert told.endswith("promised: an answer")

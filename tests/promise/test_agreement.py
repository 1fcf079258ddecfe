"""Agreement of the model with the reference proxy's own stages, over random worlds."""

from collections import Counter
from collections.abc import Sequence
from importlib import import_module
from random import Random

import pytest

from svcproof.model.behaviour import Level
from svcproof.promise import expect
from svcproof.promise.either import either
from svcproof.promise.expectation import Answered, Backend, Expectation, Rule
from tests.promise.reference import backends_of
from tests.promise.worlds import cells, random_worlds

WORLDS, CELLS = 2000, 5
ENTRY = "node-a"


def disagreement(expected: Expectation, led_to: frozenset[Backend] | None) -> str:
    """Words for what the reference proxy does that the model rules out; empty where it rules out nothing of it."""
    if expected.answered is Answered.ALWAYS and not led_to:
        return "the model says always, and the proxy serves nobody"
    if expected.answered is Answered.NEVER and led_to:
        return f"the model says never, and the proxy leads to {sorted(led_to)}"
    if expected.may is not None and led_to and not led_to <= expected.may:
        return f"the model allows {sorted(expected.may)}, and the proxy leads to {sorted(led_to)}"
    if expected.should is not None and led_to and not led_to <= expected.should:
        return f"the model prefers {sorted(expected.should)}, and the proxy leads to {sorted(led_to)}"
    if led_to and not expected.must <= led_to:
        return f"the model asks for each of {sorted(expected.must)}, and the proxy leads to {sorted(led_to)}"
    return ""


@pytest.mark.timeout(240)
def test_the_model_rules_out_nothing_that_the_reference_proxy_does(points: set[Rule]):
    left_open: Counter[str] = Counter()
    random, asked = Random(1), 0
    for scene in random_worlds(1, WORLDS):
        everything = cells(scene)
        for client, target in random.sample(everything, min(CELLS, len(everything))):
            led_to = backends_of(scene, client, target, ENTRY)
            points.clear()
            expected = expect(scene, client, target)
            assert disagreement(expected, led_to) == "", (client.name, target, scene)
            asked += 1
            if not agrees(expected, led_to):
                left_open[", ".join(sorted(rule.name for rule in points))] += 1
                assert points, (client.name, target, scene)
                assert {rule.level for rule in points} == {Level.MAY}

    assert asked > 9_000
    assert sum(left_open.values()) < asked / 4, left_open


@pytest.fixture
def points(monkeypatch: pytest.MonkeyPatch) -> set[Rule]:
    """The rules by which something was left open since the set was last cleared."""
    met: set[Rule] = set()

    def noting(parts: Sequence[Expectation], why: Rule) -> Expectation:
        if any(part != parts[0] for part in parts):
            met.add(why)
        return either(parts, why)

    for name in ("either", "at_door", "elsewhere", "expect"):
        monkeypatch.setattr(import_module(f"svcproof.promise.{name}"), "either", noting)
    return met


def agrees(expected: Expectation, led_to: frozenset[Backend] | None) -> bool:
    """True if the model allows what the proxy does, and nothing else."""
    allowed = expected.may if expected.should is None else expected.should
    return expected.answered is not Answered.OPEN and allowed == (led_to or frozenset())

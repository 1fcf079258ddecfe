"""A fact holds what its own check saw, in the phase that decided, and nothing of another's."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.plugin.conftest import RunSuite

Facts = Callable[..., dict[str, dict[str, Any]]]
FIXTURES = '''
@pytest.fixture
def look(pytestconfig):
    import time
    from svcproof.model.event import HttpStatus, Reading
    from svcproof.plugin.recording import notebook
    def look(what):
        status = HttpStatus(vantage=what, address="10.96.0.9", port=80, path="/", status=200)
        notebook(pytestconfig).record([status], time.monotonic())
        notebook(pytestconfig).record([Reading(kind="Service", name=what)], time.monotonic())
    return look

@pytest.fixture
def prepared(look):
    look("prepared")

@pytest.fixture
def unprepared(look):
    look("half prepared")
    raise ProvisionError("the pod did not start")

@pytest.fixture
def untidy(look):
    yield
    look("tidied")
    raise ProvisionError("the Service stays")

@pytest.fixture
def mistaken(look):
    yield
    look("tidied")
    raise KeyError("name")

@behaviour(level=MAY, **claim)
def test_before(prepared, look, record):
    """A thing is left open."""
    look("before")
    record("dropped")
    assert 1 == 1
'''
NEEDY = '@behaviour(level=MAY, requires={Capability.TWO_NODES}, **claim)\ndef test_it(probe):\n    """Holds."""\n'


def check(body: str, *fixtures: str) -> str:
    return (
        f"@behaviour(level=MAY, **claim)\ndef test_it({', '.join(['look', *fixtures])}):\n"
        f'    """A thing holds."""\n    {body}\n'
    )


OWN = {
    "called": (check("look('it'); assert 1 == 1", "prepared"), ["it", "API: it"]),
    "refuted": (check("look('it'); assert 1 == 2", "prepared"), ["it", "API: it"]),
    "skipped in its call": (check("pytest.skip('no')", "prepared"), []),
    "not set up": (check("look('it')", "unprepared"), ["half prepared", "API: half prepared"]),
    "not set up before it looked": (check("look('it')", "missing"), []),
    "not cleaned up": (check("look('it'); assert 1 == 1", "untidy"), ["it", "API: it"]),
    "with a mistake in its cleaning up": (
        check("look('it'); assert 1 == 1", "mistaken"),
        ["it", "API: it", "tidied", "API: tidied"],
    ),
    "untestable": (NEEDY, []),
}


def looks(fact: dict[str, Any]) -> list[str]:
    """What a fact's events say that was looked at."""
    return [
        event["status"]["vantage"] if "status" in event else f"API: {event['reading']['name']}"
        for event in fact.get("events", [])
    ]


@pytest.mark.parametrize("case", OWN)
def test_fact_holds_the_observations_of_its_own_check_alone(facts: Facts, case: str) -> None:
    source, observations = OWN[case]

    found = facts(FIXTURES + source, "--svcproof-cluster", "lab-single-node")

    assert looks(found["before"]) == ["before", "API: before"]
    assert looks(found["it"]) == observations
    assert (found["before"]["record"], found["it"].get("record", "")) == ("dropped", "")


def test_crashed_worker_leaves_a_fact_of_the_repeat_it_was_in_without_observations(run_suite: RunSuite) -> None:
    crash = check("look('it'); import os; os._exit(3) if svcproof_repeat == 2 else None; assert 1 == 1")

    _, lines = run_suite(FIXTURES + crash.replace("(look", "(svcproof_repeat, look"), "-n", "1", "--svcproof-repeat=3")

    found = {line.get("attempt", 1): line for line in lines if line["kind"] == "fact" and line["id"] == "it"}
    assert {attempt: line["finding"] for attempt, line in found.items()} == {
        1: "confirmed",
        2: "broke",
        3: "confirmed",
    }
    assert [looks(found[attempt]) for attempt in (1, 2, 3)] == [
        ["it", "API: it"],
        [],
        ["it", "API: it"],
    ]

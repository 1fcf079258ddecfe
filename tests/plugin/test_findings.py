"""What a check's end is taken for: only its own claims speak against a proxy."""

from collections.abc import Callable
from typing import Any

import pytest

from svcproof.limits import Provision

Facts = Callable[..., dict[str, dict[str, Any]]]
CHECK = '''
@behaviour(level=MUST, **claim)
def test_it(probe):
    """A thing holds."""
    probe()
    {body}
'''


ENDS = {
    "assert 1 + 1 == 2": "confirmed",
    "assert 1 + 1 == 3": "refuted",
    "eventually(lambda: 1, lambda seen: seen == 2, within=0.1)": "refuted",
    "eventually(lambda: 1, lambda seen: seen == 1, within=0.1)": "confirmed",
    "consistently(lambda: 1, lambda seen: seen == 2, lasting=0.1)": "refuted",
    "with control('it can'): assert False": "inconclusive",
    "with control('it can'): assert 1 + 1 == 2": "broke",
    "with control('it can'): eventually(lambda: 1, lambda seen: seen == 1, within=0.1)": "broke",
    "raise ProbeError('the agent is gone')": "broke",
    "raise ValueError('a mistake in the check')": "broke",
    "import unittest; unittest.TestCase().assertTrue(False)": "broke",
    "pass": "broke",
}


def test_end_of_a_call_is_classified(facts: Facts) -> None:
    # All in one run: each run of pytest in pytest imports everything anew.
    checks = [CHECK.format(body=body).replace("test_it", f"test_{number}") for number, body in enumerate(ENDS)]

    found = facts("".join(checks))

    assert [found[str(number)]["finding"] for number in range(len(ENDS))] == list(ENDS.values())


def test_check_that_probed_nothing_shows_nothing(facts: Facts) -> None:
    found = facts('@behaviour(level=MUST, **claim)\ndef test_it(cluster):\n    """Holds."""\n    assert True\n')

    assert found["it"]["finding"] == "broke"
    assert "no probe" in str(found["it"]["reason"])


def test_failing_fixture_is_never_held_against_the_proxy(facts: Facts) -> None:
    found = facts(
        "@pytest.fixture\ndef broken():\n    assert False\n"
        '@behaviour(level=MUST, **claim)\ndef test_it(broken):\n    """Holds."""\n'
    )

    assert found["it"]["finding"] == "broke"


def test_proxy_that_died_makes_its_behaviours_errors(facts: Facts) -> None:
    died = "@pytest.fixture\ndef died(cluster):\n    cluster.died = 'exit status 1'\n"
    check = '@behaviour(level=MUST, **claim)\ndef test_{}(died, probe):\n    """Holds."""\n    probe()\n    assert {}\n'

    found = facts(died + check.format("refuted", "False") + check.format("confirmed", "True"))

    assert {one["finding"] for one in found.values()} == {"broke"}
    assert "exit status 1" in str(found["refuted"]["reason"])


def test_evidence_is_kept_where_a_behaviour_is_not_confirmed(facts: Facts) -> None:
    found = facts(CHECK.format(body="assert False"))

    evidence = found["it"]["evidence"]
    assert [(file["title"], file["name"]) for file in evidence["files"]] == [
        ("log of the proxy on node-a", "it.node-a.proxy.log")
    ]
    assert any(reason.startswith("the objects of the check: ") for reason in evidence["missing"])
    assert [event["status"]["status"] for event in found["it"]["events"]] == [200]


def test_cluster_that_is_not_well_makes_what_it_refutes_errors(facts: Facts) -> None:
    broke = """
@pytest.fixture
def broke(cluster):
    cluster.broken = "node b is not Ready"
    yield
    cluster.broken = ""
"""
    refuted, confirmed = (
        CHECK.replace("test_it(", f"test_{name}(broke, ").format(body=body)
        for name, body in {"refuted": "assert 1 == 2", "confirmed": "assert 1 == 1"}.items()
    )

    found = facts(broke + refuted + confirmed)

    assert {name: one["finding"] for name, one in found.items()} == {"refuted": "broke", "confirmed": "confirmed"}
    assert "node b is not Ready" in str(found["refuted"]["reason"])


def test_cluster_that_does_not_recover_ends_the_run(facts: Facts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Provision.CLUSTER_RECOVERED, "usual", 0.1)
    breaks = "cluster.broken = 'the API server does not answer'; assert False"
    first = CHECK.replace("test_it(", "test_first(cluster, ").format(body=breaks)

    found = facts(first + CHECK.replace("test_it", "test_second").format(body="assert True"))

    assert {name: one["finding"] for name, one in found.items()} == {"first": "broke"}

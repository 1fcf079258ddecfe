"""Waiting writes its steps, and from which look on each vantage saw what was expected."""

import time
from itertools import chain, repeat

import pytest

from svcproof.errors import ProvisionError
from svcproof.model.probe import Observation, Outcome, Seen, Target
from svcproof.model.step import StepEnd, StepKind
from svcproof.wait import Expired, Inconclusive, consistently, control, eventually, provisioned
from svcproof.wait.journal import written_to
from svcproof.wait.predicates import answered, silent

pytestmark = pytest.mark.timeout(30)


class Journal:
    """Steps as they were written: (kind, words, limit), then their ends."""

    def __init__(self):
        self.began, self.ended, self.settling = [], {}, {}

    def begin(self, kind, expected, limit=None):
        self.began.append((kind, expected, limit))
        return len(self.began) - 1

    def end(self, number, end, settling=()):
        self.ended[number], self.settling[number] = end, settling


@pytest.fixture
def journal():
    journal = Journal()
    with written_to(journal):
        yield journal


def seen(**outcomes):
    return Seen(
        tuple(
            Observation(
                vantage=vantage, node=f"node-{vantage}", target=Target("10.96.0.9", 80), outcome=outcome, seconds=0.1
            )
            for vantage, outcome in outcomes.items()
        )
    )


def test_each_kind_of_waiting_is_a_step_with_its_words_and_its_limit(journal):
    provisioned("a Service", lambda: 1, bool, within=3)
    with control("probes come through"):
        eventually(lambda: seen(a=Outcome.DROPPED), silent, within=2, every=0.01)
    consistently(lambda: seen(a=Outcome.DROPPED), silent, lasting=0.01, every=0.01)

    assert [(kind, limit) for kind, _, limit in journal.began] == [
        (StepKind.ARRANGE, 3),
        (StepKind.CONTROL, None),
        (StepKind.EVENTUALLY, 2),
        (StepKind.CONSISTENTLY, 0.01),
    ]
    assert journal.began[1][1] == "probes come through"
    assert journal.began[0][1] == "a Service"
    assert set(journal.ended.values()) == {StepEnd.HELD}


def test_a_step_says_how_it_ended(journal):
    with pytest.raises(Expired):
        eventually(lambda: seen(a=Outcome.DROPPED), answered, within=0.01, every=0.01)
    with pytest.raises(Inconclusive), control("it answers"):
        raise AssertionError("no")
    with pytest.raises(ProvisionError):
        provisioned("a Service", lambda: 0, bool, within=0.01)

    assert list(journal.ended.values()) == [StepEnd.REFUTED, StepEnd.REFUTED, StepEnd.BROKE]


def test_each_vantage_has_the_look_from_which_on_it_saw_what_was_expected(journal):
    late = chain([Outcome.DROPPED] * 3, repeat(Outcome.ANSWERED))
    began = time.monotonic()

    eventually(lambda: seen(a=Outcome.ANSWERED, b=next(late)), answered, within=5, every=0.05)

    at_once, later = journal.settling[0]
    assert (at_once.vantage, at_once.node, at_once.last_wrong, at_once.looks) == ("a", "node-a", None, 5)
    assert later.vantage == "b"
    assert began <= at_once.settled < later.last_wrong < later.settled


def test_a_vantage_that_saw_it_and_lost_it_again_settles_at_the_last_time(journal):
    flapping = chain([Outcome.ANSWERED, Outcome.DROPPED], repeat(Outcome.ANSWERED))

    eventually(lambda: seen(a=next(flapping)), answered, within=5, every=0.01)

    (settling,) = journal.settling[0]
    assert settling.first_right < settling.last_wrong < settling.settled


def test_what_never_showed_has_not_settled(journal):
    with pytest.raises(Expired):
        eventually(lambda: seen(a=Outcome.DROPPED), answered, within=0.01, every=0.01)

    (settling,) = journal.settling[0]
    assert (settling.first_right, settling.settled) == (None, None)


def test_what_holds_of_all_vantages_together_alone_settles_for_all_when_it_does(journal):
    def between_them(value):
        return len(value) == 2

    eventually(lambda: seen(a=Outcome.ANSWERED, b=Outcome.ANSWERED), between_them, within=5, every=0.01)

    assert [settling.settled is not None for settling in journal.settling[0]] == [True, True]

"""What a post must see, and whether it does."""

import pytest

from svcproof.bystanders.post import Greeted, Resolved, Served
from svcproof.model.probe import Answer, Lookup, Observation, Outcome, Protocol, Target
from svcproof.promise.expectation import Answered, Expectation

TARGET = Target("10.96.0.7", 80)
NAMES = {("10.244.1.3", 8080): "echo-0", ("10.244.1.4", 8080): "echo-1", ("10.244.2.3", 8080): "echo-2"}
TWO = frozenset({("10.244.1.3", 8080), ("10.244.1.4", 8080)})


def answered(pod: str) -> Observation:
    answer = Answer(
        pod=pod, node="node-a", namespace="ns", port=8080, protocol=Protocol.TCP, source="10.244.1.2", source_port=1
    )
    return Observation(vantage="client", target=TARGET, outcome=Outcome.ANSWERED, seconds=0.01, answer=answer)


def ended(outcome: Outcome, errno: str | None = None) -> Observation:
    return Observation(vantage="client", target=TARGET, outcome=outcome, seconds=0.01, errno=errno)


def lookup(code: str, *records: str) -> Lookup:
    return Lookup(
        vantage="client", server="10.96.0.10", name="x.", type="A", code=code, seconds=0.01, records=frozenset(records)
    )


@pytest.mark.parametrize(
    ("what", "always", "never", "open_"),
    [
        (answered("echo-0"), True, False, True),
        (answered("echo-2"), False, False, False),
        (ended(Outcome.REFUSED), False, True, True),
        (ended(Outcome.DROPPED), False, True, True),
    ],
)
def test_who_answers_must_be_among_those_that_may(what: Observation, always: bool, never: bool, open_: bool) -> None:
    def fits(how: Answered) -> bool:
        return Served(expectation=Expectation(answered=how, may=TWO), names=NAMES).fits(what)

    assert (fits(Answered.ALWAYS), fits(Answered.NEVER), fits(Answered.OPEN)) == (always, never, open_)


def test_a_server_that_is_none_of_ours_greets_by_saying_anything() -> None:
    assert Greeted().fits(ended(Outcome.STRANGER))
    assert Greeted().fits(ended(Outcome.REFUSED, "EOF"))
    assert not Greeted().fits(ended(Outcome.REFUSED, "ECONNREFUSED"))
    assert not Greeted().fits(ended(Outcome.DROPPED))
    assert not Greeted().fits(answered("echo-0"))


@pytest.mark.parametrize(
    ("what", "fits"),
    [
        (lookup("NOERROR", "10.244.1.3"), True),
        (lookup("NOERROR", "10.244.1.3", "10.244.1.4"), False),
        (lookup("NOERROR"), False),
        (lookup("NXDOMAIN"), False),
        (lookup("TIMEOUT"), False),
    ],
)
def test_a_name_must_be_resolved_to_its_records_and_no_others(what: Lookup, fits: bool) -> None:
    assert Resolved(frozenset({"10.244.1.3"})).fits(what) is fits


def test_an_alias_is_resolved_with_or_without_its_final_dot() -> None:
    assert Resolved(frozenset({"bystander.example.org"})).fits(lookup("NOERROR", "bystander.example.org."))


def test_a_server_that_must_answer_at_all_may_answer_with_anything() -> None:
    assert Resolved().fits(lookup("NOERROR", "10.96.0.1"))
    assert not Resolved().fits(lookup("SERVFAIL"))

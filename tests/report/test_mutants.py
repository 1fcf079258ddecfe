import pytest

from svcproof.model.behaviour import Level
from svcproof.model.fact import Fact, Finding
from svcproof.model.verdict import Claims, judge
from svcproof.report.mutants import Catch, declaring, matrix

FAULT = "proxy/no-reject"


@pytest.fixture
def verdict(behaviour):
    def make(name, finding=Finding.CONFIRMED, *, level=Level.MUST, record="", faults=(FAULT,)):
        found = Fact(id=name, finding=finding, reason="because", record=record)
        return judge(behaviour(name, level, faults=faults), [found], Claims())

    return make


def test_a_fault_that_each_declared_behaviour_refutes_is_caught(verdict):
    found = matrix([verdict("a")], {FAULT: [verdict("a", Finding.REFUTED)]})

    assert found.of(FAULT, Catch.CAUGHT) == ("a",)
    assert (found.uncaught, found.exit_code) == ((), 0)


def test_a_declared_behaviour_that_holds_under_the_fault_misses_it(verdict):
    found = matrix(
        [verdict("a"), verdict("b")], {FAULT: [verdict("a", Finding.REFUTED), verdict("b", Finding.CONFIRMED)]}
    )

    assert found.of(FAULT, Catch.MISSED) == ("b",)
    assert (found.uncaught, found.exit_code) == ((), 1)


@pytest.mark.parametrize(("record", "catch"), [("refused", Catch.CAUGHT), ("dropped", Catch.MISSED)])
def test_a_may_catches_by_another_record(verdict, record, catch):
    base = verdict("a", level=Level.MAY, record="dropped")

    found = matrix([base], {FAULT: [verdict("a", level=Level.MAY, record=record)]})

    assert found.pairs[0].catch is catch


def test_a_check_that_broke_under_the_fault_has_not_caught_it(verdict):
    found = matrix([verdict("a")], {FAULT: [verdict("a", Finding.BROKE)]})

    assert found.of(FAULT, Catch.UNDECIDED) == ("a",)
    assert (found.uncaught, found.exit_code) == ((FAULT,), 3)


def test_a_fault_that_no_behaviour_declares_is_uncaught_even_if_another_sees_it(verdict):
    found = matrix([verdict("a", faults=())], {FAULT: [verdict("a", Finding.REFUTED, faults=())]})

    assert found.of(FAULT, Catch.CAUGHT, declared=False) == ("a",)
    assert (found.uncaught, found.exit_code) == ((FAULT,), 1)


def test_a_behaviour_that_does_not_hold_on_the_sound_lab_catches_nothing(verdict):
    found = matrix([verdict("a", Finding.REFUTED)], {FAULT: [verdict("a", Finding.REFUTED)]})

    assert (found.pairs, [one.behaviour.id for one in found.unsound]) == ((), ["a"])
    assert found.exit_code == 3


def test_behaviours_are_found_by_the_faults_they_declare(behaviour):
    known = [behaviour("a", faults=(FAULT,)), behaviour("b", faults=("dns/no-srv",)), behaviour("c")]

    assert [one.id for one in declaring(known, [FAULT, "proxy/other"])] == ["a"]

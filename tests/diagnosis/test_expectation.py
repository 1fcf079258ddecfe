"""The words of predicates as the diagnosis reads them, so that no change of these words is missed."""

import pytest

from svcproof.diagnosis.expectation import expectation
from svcproof.model.observed import Observed
from svcproof.plugin.comparison import Comparison
from svcproof.wait import predicates

PODS = frozenset({"echo-0", "echo-1"})
pytestmark = pytest.mark.timeout(10)


def read(predicate):
    return expectation(predicates.expectation(predicate))


@pytest.mark.parametrize("predicate", [predicates.refused, predicates.dropped, predicates.silent])
def test_nobody_is_to_answer(predicate):
    assert read(predicate).answered is False


def test_refusals_of_either_kind_are_told_apart():
    assert [read(each).refusal for each in (predicates.refused, predicates.dropped, predicates.silent)] == [
        "refused",
        "dropped",
        "",
    ]


def test_everybody_is_to_answer():
    assert read(predicates.answered).answered is True


def test_all_of_these_pods_and_nobody_else():
    expected = read(predicates.answered_by(PODS))

    assert (expected.all_of, expected.within, expected.answered) == (PODS, PODS, True)


def test_any_of_these_pods_and_nobody_else():
    expected = read(predicates.answered_within(PODS))

    assert (expected.all_of, expected.within) == (None, PODS)


@pytest.mark.parametrize("predicate", [predicates.answered_by_one, predicates.answered_by_one_of(PODS)])
def test_one_and_the_same_backend(predicate):
    assert read(predicate).one_backend


def test_none_of_these_pods():
    expected = read(predicates.not_answered_by(PODS))

    assert (expected.not_by, expected.answered) == (PODS, None)


def test_nobody_but_these_pods_if_anybody():
    expected = read(predicates.nobody_answers_but(PODS))

    assert (expected.within, expected.answered) == (PODS, None)


def test_ports():
    assert read(predicates.at_ports(8080, 8081)).ports == {8080, 8081}


def test_source_addresses():
    assert read(predicates.from_sources(["10.244.1.3"])).sources == {"10.244.1.3"}


@pytest.mark.parametrize(
    ("claim", "field", "value"),
    [
        ("the probes are answered by {}", "all_of", PODS),
        ("the backends see the probes come from {}", "sources", PODS),
    ],
)
def test_comparisons_of_what_was_observed(claim, field, value):
    words = Comparison("==", Observed(["other"], claim), PODS).claim

    assert getattr(expectation(words), field) == value


def test_others_than_these_pods():
    words = Comparison("not in", "echo-0", Observed(["echo-0"], "the probes are answered by {}")).claim

    assert expectation(words).not_by == {"echo-0"}


def test_words_about_something_else_say_nothing_of_probes():
    expected = expectation("the number of ready endpoints is 3")

    assert (expected.answered, expected.all_of, expected.within) == (None, None, None)

from functools import partial

import pytest

from svcproof.wait.predicates import (
    answered,
    answered_within,
    both,
    counts,
    equals,
    expectation,
    from_sources,
    in_words,
)
from svcproof.wait.predicates.words import shown


def is_ready(pod: object) -> bool:
    """True if the pod is Ready."""
    return bool(pod)


def has_no_docstring(value: object) -> bool:
    return bool(value)


class Ready:
    def __call__(self, value: object) -> bool:
        return bool(value)


@pytest.mark.parametrize(
    ("predicate", "words"),
    [
        (answered, "every probe is answered by one of our backends"),
        (is_ready, "the pod is Ready"),
        (in_words("EndpointSlices of IPv6 are there", bool), "EndpointSlices of IPv6 are there"),
        (both(is_ready, counts(2, "pods")), "the pod is Ready, and the number of pods is 2"),
        (equals({"A": {"10.96.0.9"}}, "the answer"), "the answer is A: 10.96.0.9"),
        (partial(is_ready, 1), "the pod is Ready"),
        (has_no_docstring, "has no docstring"),
        (lambda seen: seen.ports == {8080}, "seen.ports == {8080}"),
        (bool, "bool() of it is true"),
        ({1, 2}.__contains__, "__contains__() of it is true"),
        (Ready(), "Ready() of it is true"),
        (eval("lambda value: value"), "a lambda without source"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_predicate_says_what_it_expects(predicate: object, words: str) -> None:
    assert expectation(predicate) == words  # type: ignore[arg-type]


def test_the_right_one_of_several_lambdas_in_a_line_speaks() -> None:
    first, second = lambda seen: seen < 2, lambda seen: seen > 2

    assert (expectation(first), expectation(second)) == ("seen < 2", "seen > 2")


def test_a_lambda_over_several_lines_is_put_on_one() -> None:
    predicate = lambda seen: (  # noqa: E731
        seen > 1
        and seen < 3
    )  # fmt: skip

    assert expectation(predicate) == "seen > 1 and seen < 3"


def test_a_clause_with_which_both_begin_is_said_once() -> None:
    predicate = both(answered_within(["echo-0"]), from_sources(["10.244.0.5"]))

    assert expectation(predicate) == (
        "every probe is answered, by nobody but echo-0, and the backends see it come from 10.244.0.5"
    )


def test_backends_that_are_expected_are_named_in_order() -> None:
    assert expectation(answered_within(["echo-1", "echo-0"])).endswith("nobody but echo-0, echo-1")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "nothing"),
        ("", "nothing"),
        (frozenset(), "none"),
        ({"b", "a"}, "a, b"),
        ({("10.244.0.5", 8080)}, "(10.244.0.5, 8080)"),
        ({"PORT": "80", "HOST": None}, "PORT: 80, HOST: nothing"),
        ([True, 1.5], "(True, 1.5)"),
    ],
)
def test_a_value_is_shown_in_one_line(value: object, text: str) -> None:
    assert shown(value) == text

"""What an address that nobody has must show before anything is claimed of one that a Service has."""

import pytest

from svcproof.model.probe import Observation, Outcome, Seen, Target
from svcproof.plugin.fixtures.controls import answered_on_the_way, refused_on_the_way
from svcproof.wait.predicates import refused


def seen(outcome: Outcome, errno: str | None = None) -> Seen:
    target = Target("198.51.100.9", 80)
    return Seen((Observation(vantage="outside-1", target=target, outcome=outcome, seconds=0.01, errno=errno),))


@pytest.mark.parametrize(
    ("found", "answers", "refuses"),
    [
        (seen(Outcome.DROPPED), False, False),
        (seen(Outcome.REFUSED, "EHOSTUNREACH"), False, True),
        (seen(Outcome.REFUSED, "EOF"), True, True),
        (seen(Outcome.STRANGER), True, False),
    ],
)
def test_only_silence_shows_that_nobody_is_on_the_way(found: Seen, answers: bool, refuses: bool) -> None:
    assert (bool(answered_on_the_way(found)), bool(refused_on_the_way(found))) == (answers, refuses)


def test_it_names_where_the_answer_came_from() -> None:
    assert "outside-1 -> tcp 198.51.100.9:80: refused (EOF)" in answered_on_the_way(seen(Outcome.REFUSED, "EOF"))


def test_connection_that_is_accepted_and_ended_is_not_refused() -> None:
    assert refused(seen(Outcome.REFUSED, "ECONNREFUSED"))
    assert not refused(seen(Outcome.REFUSED, "EOF"))

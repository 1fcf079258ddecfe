import pytest

from svcproof.agent.accounting import Stream, StreamResult, account, longest_gap
from svcproof.model.probe import Outcome, Target
from svcproof.model.traffic import Manner, Streams

TARGET = Target("10.96.0.9", 80)


def tries(*marks, every=0.1, took=0.01):
    """Tries from a row of marks: + answered, - lost, and a space for one that was not sent."""
    outcomes = {"+": Outcome.ANSWERED, "-": Outcome.DROPPED}
    return tuple(
        (round(place * every, 4), took, outcomes[mark], "echo-0" if mark == "+" else "", "")
        for place, mark in enumerate("".join(marks))
        if mark != " "
    )


def accounted(marks, pods=None, manner=Manner.NEW, **more):
    result = StreamResult(unsent=0, late=0.0, broken=0, tries=tries(marks, **more))
    return account("client-a", "node-a", Stream(TARGET, manner, pods), result, 0.1, 1.0, 2.0)


@pytest.mark.parametrize(
    ("marks", "gap", "at"),
    [
        ("++++", 0.0, None),
        ("++-++", 0.1, 0.2),
        ("++---++", 0.3, 0.2),
        ("+-+--+-+", 0.2, 0.3),
        ("----", 0.4, 0.0),
        ("++--", 0.2, 0.2),
        ("++          ++", 0.0, None),
        ("++-         ++", 0.1, 0.2),
        ("++-    -++", 0.6, 0.2),
        ("", 0.0, None),
    ],
)
def test_the_longest_gap_is_that_in_which_every_try_was_lost(marks, gap, at):
    longest, begin = longest_gap(tries(marks), 0.1, 0.0)

    assert longest == pytest.approx(gap)
    assert begin == at


def test_what_comes_late_over_a_kept_connection_counts_from_when_it_came():
    late = (*tries("+--"), (0.3, 0.8, Outcome.ANSWERED, "echo-0", ""))

    assert longest_gap(late, 0.1, 1.0) == (pytest.approx(1.0), 0.1)
    assert longest_gap(late, 0.1, 0.0) == (pytest.approx(0.2), 0.1)


def test_pods_that_may_not_answer_are_wrong_and_others_are_not():
    assert accounted("++-", frozenset({"echo-0"})).wrong == ()
    assert accounted("++-", frozenset({"echo-1"})).wrong == ("echo-0",)
    assert accounted("---", frozenset({"echo-1"})).wrong == ()
    assert accounted("+++").wrong == ()


def test_the_total_adds_up_and_keeps_the_longest_gap():
    streams = Streams((accounted("++--++"), accounted("+-++", manner=Manner.KEPT)))

    assert (streams.sent, streams.answered, streams.lost) == (10, 7, 3)
    assert streams.longest_gap == pytest.approx(0.2)
    assert streams.new.lost == 2
    assert streams.kept.lost == 1
    assert len(streams.on("node-a")) == 2
    assert len(streams.on("node-b")) == 0


def test_an_account_says_in_words_what_was_lost():
    assert str(accounted("++--++")) == (
        "client-a -> tcp 10.96.0.9:80, each over a new socket: 6 sent, 4 answered, 2 lost, longest gap 0.20 s at 0.20 s"
    )

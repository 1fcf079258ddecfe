"""Pictures of what was lost: a mark for each stream, only of checks in which something was lost, and no guess."""

from dataclasses import replace

import pytest

from svcproof.model.event import Event
from svcproof.model.fact import Finding
from svcproof.model.matrix import matrix
from svcproof.model.probe import Outcome, Target
from svcproof.model.run import Run
from svcproof.model.traffic import Manner, Traffic
from svcproof.report import page
from svcproof.report.pictures import disruptions
from svcproof.report.pictures.gaps import gaps
from tests.pages.markup import mistakes
from tests.synthetic.runs import runs


def stream(vantage: str, gap: float = 0.0) -> Traffic:
    lost = 3 if gap else 0
    return Traffic(
        vantage=vantage,
        target=Target("10.96.0.7", 80),
        manner=Manner.NEW,
        every=0.1,
        seconds=10.0,
        sent=100,
        outcomes={Outcome.ANSWERED: 100 - lost, Outcome.DROPPED: lost},
        longest_gap=gap,
        gap_at=1.0 if gap else None,
    )


def sending(run: Run, number: int, finding: Finding, *streams: Traffic) -> Run:
    """The run, with these streams as all that happened in the check of its behaviour of that number."""
    wanted = run.behaviours[number].id
    events = tuple(Event(at=0.1, step=0, traffic=each) for each in streams)
    facts = [replace(fact, finding=finding, events=events) if fact.id == wanted else fact for fact in run.facts]
    return replace(run, facts=tuple(facts))


@pytest.fixture
def run() -> Run:
    (made,) = runs(30, 1).values()
    return made


def test_each_stream_is_a_mark_and_each_run_that_sent_a_row(run):
    lossy = sending(run, 0, Finding.CONFIRMED, stream("client-a"), stream("client-b", 0.4), stream("client-c", 2.0))
    sound = sending(run, 0, Finding.CONFIRMED, stream("client-a"))

    (rows,) = gaps(matrix({"lossy": lossy, "sound": sound, "silent": run})).values()

    assert [(row.name, row.sent, row.lost, row.times) for row in rows] == [
        ("lossy", 300, 6, ((0.0, 0.0), (0.4, 0.4), (2.0, 2.0))),
        ("sound", 100, 0, ((0.0, 0.0),)),
    ]
    assert rows[0].worst_at == "client-c -> tcp 10.96.0.7:80"


def test_a_check_that_lost_nothing_in_any_run_has_no_picture_and_is_named(run):
    both = matrix({name: sending(run, 0, Finding.CONFIRMED, stream("client-a")) for name in ("one", "two")})

    shown = disruptions(both)

    assert shown.figures == ()
    assert list(shown.undisturbed) == [run.behaviours[0].id.replace("_", " ")]


@pytest.mark.parametrize("finding", [Finding.INCONCLUSIVE, Finding.BROKE, Finding.UNTESTABLE, Finding.NOT_REACHED])
def test_losses_of_a_check_that_came_to_no_end_are_nobodys(run, finding):
    ended = matrix({"run": sending(run, 0, finding, stream("client-a", 5.0))})

    assert disruptions(ended).figures == ()
    assert disruptions(ended).undisturbed == ()


def test_the_page_draws_what_was_lost_with_its_numbers_in_words(run):
    compared = matrix(
        {
            "lossy": sending(run, 0, Finding.REFUTED, stream("client-b", 0.4)),
            "sound": sending(run, 0, Finding.CONFIRMED, stream("client-a")),
        }
    )

    (figure,) = disruptions(compared).figures
    text = page.comparison(compared, "kep")

    assert figure.title == run.behaviours[0].id.replace("_", " ")
    assert "lossy, 3 of 100 lost, longest gap 400 ms; sound, 0 of 100 lost, longest gap none" in figure.svg
    assert "What is lost meanwhile" in text
    assert mistakes(text) == []

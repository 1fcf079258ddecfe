"""Commands to a runner on GitHub: a text of a run is data in them, and ten annotations hold what matters most."""

from dataclasses import replace

import pytest

from svcproof.model.baseline import Baseline, Entry
from svcproof.model.behaviour import Level
from svcproof.model.divergence import Divergence
from svcproof.model.fact import Fact, Finding
from svcproof.model.run import Finished, Run
from svcproof.report.ci.annotations import MOST, annotations
from svcproof.report.ci.workflow import Annotation, Severity, assignments

FINISHED = Finished(at="2026-01-02T03:05:05.000+00:00", seconds=60.0)


@pytest.fixture
def many(header, behaviour):
    """Make a run with so many behaviours of each finding and level."""

    def make(*groups):
        behaviours = [
            (behaviour(f"{finding.value.replace(' ', '_')}_{level}_{number}", level), finding)
            for finding, level, count in groups
            for number in range(count)
        ]
        facts = tuple(Fact(id=each.id, finding=finding, reason="it was seen") for each, finding in behaviours)
        return Run(header=header, behaviours=tuple(each for each, _ in behaviours), facts=facts, finished=FINISHED)

    return make


def of(run):
    return annotations(run, run.verdicts())


def test_a_text_is_one_command_whatever_is_in_it():
    text = "100%\r\n::error::x,y:z\x1b[31m"

    assert Annotation(severity=Severity.ERROR, title=text, text=text).command == (
        r"::error title=100%25\r%0A%3A%3Aerror%3A%3Ax%2Cy%3Az\x1b[31m::100%25\r%0A::error::x,y:z\x1b[31m"
    )


def test_a_value_of_several_lines_is_one_output():
    assert assignments({"a": "1\nb=2", "c": ""}, "END") == "a<<END\n1\nb=2\nEND\nc<<END\n\nEND\n"


def test_a_failure_says_what_was_required_what_diverged_and_how_to_run_it_again(every_kind):
    divergence = Divergence(sentence="node-b answers from 10.0.0.9")
    facts = tuple(replace(fact, divergence=divergence) for fact in every_kind.facts)

    first = of(replace(every_kind, facts=facts, finished=FINISHED))[0]

    assert (first.severity, first.title) == (Severity.ERROR, "fail fails")
    assert first.text.splitlines() == [
        "MUST: A client sees that it fails.",
        "found: node-b answers from 10.0.0.9",
        "again: svcproof run --cluster lab --proxy './my proxy.yaml' --fault proxy/no-reject -k fails",
    ]


def test_ten_failures_have_one_each(many):
    told = of(many((Finding.REFUTED, Level.MUST, MOST)))

    assert [each.title for each in told] == [f"fail refuted_MUST_{number}" for number in range(MOST)]


def test_of_eleven_the_tenth_counts_what_has_no_room(many):
    told = of(many((Finding.REFUTED, Level.MUST, MOST + 1)))

    assert len(told) == MOST
    assert told[-1].title == "and 2 more: see the summary"
    assert "refuted_MUST_9, refuted_MUST_10" in told[-1].text


def test_musts_come_first_and_all_that_could_not_be_told_has_one(many):
    run = many((Finding.BROKE, Level.MUST, 7), (Finding.REFUTED, Level.SHOULD, 5), (Finding.REFUTED, Level.MUST, 6))

    told = of(run)

    assert len(told) == MOST
    assert [each.severity for each in told] == [Severity.ERROR] * 6 + [Severity.WARNING] * 4
    assert [each.title for each in told[6:]] == [
        "weak refuted_SHOULD_0",
        "weak refuted_SHOULD_1",
        "7 could not be told, or not run",
        "and 3 more: see the summary",
    ]


def test_a_run_in_which_all_held_has_none(many):
    assert of(many((Finding.CONFIRMED, Level.MUST, 3))) == []


def test_a_run_that_did_not_complete_says_so(many):
    told = of(replace(many((Finding.CONFIRMED, Level.MUST, 3)), finished=replace(FINISHED, why="interrupted")))

    assert [each.title for each in told] == ["0 could not be told, or not run"]
    assert told[0].text == "The run did not complete: interrupted"


def entry(behaviour, until="2026-12-31"):
    return Entry(behaviour=behaviour, why="slow", url="https://example.org/1", owner="@net", until=until)


def test_what_is_otherwise_than_the_baseline_says_comes_first_and_what_is_expected_is_quiet(many):
    run = many((Finding.REFUTED, Level.SHOULD, 1), (Finding.REFUTED, Level.MUST, 3), (Finding.CONFIRMED, Level.MUST, 1))
    listed = [entry("refuted_MUST_0"), entry("refuted_MUST_1", "2025-12-31"), entry("confirmed_MUST_0")]

    told = of(run.knowing(Baseline(baseline=1, entries=listed)))

    assert [(each.severity, each.title) for each in told] == [
        (Severity.ERROR, "fail refuted_MUST_2"),
        (Severity.ERROR, "pass confirmed_MUST_0"),
        (Severity.ERROR, "fail refuted_MUST_1"),
        (Severity.WARNING, "weak refuted_SHOULD_0"),
    ]
    assert told[0].text.startswith("baseline: it is `fail`, and not in the baseline\n")
    assert "found:" not in told[1].text

"""A strict comparison of verdicts with the failures that are known."""

from datetime import date

import pytest

from svcproof.exit_code import ExitCode
from svcproof.model.baseline import Baseline, Entry, Standing, comparisons, exit_code_beside, is_expected
from svcproof.model.behaviour import Behaviour, Level, Part
from svcproof.model.judgement import Observed
from svcproof.model.verdict import Ruling, Verdict

DAY = date(2026, 11, 30)


def verdict(ruling, level=Level.MUST, name="mine"):
    claim = Behaviour(id=name, area="a", requirement="It holds.", spec="", level=level, by=Part.PROXY)
    return Verdict(behaviour=claim, ruling=ruling, reason="so it is")


def entry(observed=None, until=DAY, name="mine"):
    return Entry(behaviour=name, observed=observed, why="known", url="https://e.org/1", owner="@net", until=until)


def beside(entries, *verdicts, day=DAY):
    compared = comparisons(Baseline(baseline=1, entries=entries), verdicts, day)
    return [comparison.standing for comparison in compared], exit_code_beside(compared, verdicts)


@pytest.mark.parametrize(
    ("ruling", "listed", "unlisted"),
    [
        (Ruling.FAIL, ([Standing.EXPECTED], 0), ([Standing.UNLISTED], 1)),
        (Ruling.FLAKY, ([Standing.EXPECTED], 0), ([Standing.UNLISTED], 1)),
        (Ruling.WEAK, ([Standing.EXPECTED], 0), ([], 0)),
        (Ruling.PASS, ([Standing.STALE], 1), ([], 0)),
        (Ruling.UNTESTABLE, ([Standing.NOT_EXERCISED], 0), ([], 0)),
        (Ruling.NOT_RUN, ([Standing.NOT_EXERCISED], 0), ([], 3)),
        (Ruling.ERROR, ([Standing.NOT_EXERCISED], 0), ([], 3)),
        (Ruling.BLOCKED, ([Standing.NOT_EXERCISED], 0), ([], 3)),
        (Ruling.UNSUPPORTED, ([Standing.NOT_EXERCISED], 0), ([], 0)),
        (Ruling.DEVIATES, ([Standing.NOT_EXERCISED], 0), ([], 0)),
        (Ruling.RECORDED, ([Standing.NOT_EXERCISED], 0), ([], 0)),
    ],
)
def test_every_ruling_beside_an_entry_and_without_one(ruling, listed, unlisted):
    assert beside([entry()], verdict(ruling)) == listed
    assert beside([], verdict(ruling)) == unlisted


def test_every_ruling_is_in_the_table_above():
    (mark,) = test_every_ruling_beside_an_entry_and_without_one.pytestmark
    assert {row[0] for row in mark.args[1]} == set(Ruling)


@pytest.mark.parametrize(
    ("observed", "ruling", "standing", "code"),
    [
        (Observed.FAIL, Ruling.FAIL, Standing.EXPECTED, 0),
        (Observed.FAIL, Ruling.FLAKY, Standing.OTHERWISE, 1),
        (Observed.WEAK, Ruling.FAIL, Standing.OTHERWISE, 1),
        (Observed.FLAKY, Ruling.FLAKY, Standing.EXPECTED, 0),
        (Observed.FLAKY, Ruling.FAIL, Standing.EXPECTED, 0),
        (Observed.FLAKY, Ruling.PASS, Standing.HELD, 0),
        (Observed.FAIL, Ruling.PASS, Standing.STALE, 1),
    ],
)
def test_an_entry_that_says_how_it_fails_is_about_that_alone(observed, ruling, standing, code):
    assert beside([entry(observed)], verdict(ruling)) == ([standing], code)


@pytest.mark.parametrize("ruling", [Ruling.FAIL, Ruling.PASS, Ruling.UNTESTABLE, Ruling.ERROR])
def test_an_entry_holds_on_its_last_day_and_fails_the_run_from_the_next_on(ruling):
    on_the_day, _ = beside([entry(until=DAY)], verdict(ruling))
    assert on_the_day != [Standing.EXPIRED]
    assert beside([entry(until=date(2026, 11, 29))], verdict(ruling)) == ([Standing.EXPIRED], 1)


def test_a_run_does_not_answer_for_entries_of_what_it_did_not_select():
    expired = entry(until=date(2020, 1, 1), name="another")
    assert beside([expired], verdict(Ruling.PASS)) == ([Standing.NOT_EXERCISED], 0)


def test_the_worst_decides():
    entries = [entry(), entry(name="b")]
    assert beside(entries, verdict(Ruling.FAIL), verdict(Ruling.PASS, name="b"))[1] is ExitCode.FAILED
    assert beside(entries, verdict(Ruling.ERROR), verdict(Ruling.ERROR, name="c"))[1] is ExitCode.UNDECIDED


def test_only_what_is_as_listed_is_expected():
    baseline = Baseline(baseline=1, entries=[entry(), entry(until=date(2020, 1, 1), name="old")])
    assert is_expected(verdict(Ruling.FAIL), baseline, DAY)
    assert not is_expected(verdict(Ruling.FAIL), None, DAY)
    assert not is_expected(verdict(Ruling.FAIL, name="old"), baseline, DAY)
    assert not is_expected(verdict(Ruling.FAIL, name="other"), baseline, DAY)

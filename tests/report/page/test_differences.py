"""The list on top of a comparison: where runs differ, the worst first, and who shows what."""

import re
from dataclasses import replace

import pytest

from svcproof.model.fact import Finding
from svcproof.model.matrix import matrix
from svcproof.report import page
from svcproof.report.page.differences import MOST, differences


@pytest.fixture
def three(every_kind):
    """Three runs: the second fails what the others pass, the third goes another way where Kubernetes leaves it open."""

    def changed(name, **changes):
        facts = [replace(fact, **changes) if fact.id == name else fact for fact in every_kind.facts]
        return replace(every_kind, facts=tuple(facts))

    failing = replace(changed("passes", finding=Finding.REFUTED, reason="nobody answers"), digest="b" * 64)
    open_otherwise = replace(changed("is_open", record="another way"), digest="c" * 64)
    return matrix({"first": replace(every_kind, digest="a" * 64), "second": failing, "third": open_otherwise})


def test_failures_come_before_what_is_left_open(three):
    view = differences(three)

    assert [row.behaviour for row in view.rows] == ["passes", "is_open"]
    assert view.sentence == "Kubernetes promises or recommends 1 of these, and leaves 1 open."
    assert [(part.names, part.why) for part in view.rows[0].shown] == [
        (("second",), "nobody answers"),
        (("first", "third"), ""),
    ]


def test_what_is_left_open_is_no_failure(three):
    view = differences(replace(three, rows=tuple(row for row in three.rows if row.behaviour.id == "is_open")))

    assert view.sentence == "Kubernetes leaves each of these open: whichever way a proxy goes, it is no failure."
    assert [part.names for part in view.rows[0].shown] == [("first", "second"), ("third",)]


def test_runs_that_do_not_differ_say_so(every_kind):
    view = differences(matrix({"one": every_kind, "other": every_kind}))

    assert (view.sentence, view.rows) == ("No behaviour is shown to differ.", ())


def test_no_more_are_listed_than_have_room(three):
    many = replace(three, rows=tuple(row for row in three.rows if row.differs) * MOST)

    assert (len(differences(many).rows), differences(many).more) == (MOST, MOST)


def test_many_runs_that_are_all_the_rest_are_counted(every_kind):
    failing = [
        replace(fact, finding=Finding.REFUTED, reason="no") if fact.id == "passes" else fact
        for fact in every_kind.facts
    ]
    alike = {f"run {number}": every_kind for number in range(4)}
    view = differences(matrix({"failing": replace(every_kind, facts=tuple(failing)), **alike}))

    assert [part.names for part in view.rows[0].shown] == [("failing",), ("the other 4",)]


def test_page_of_two_runs_lists_them_above_the_promises_and_that_of_more_below(three):
    two = matrix({column.name: column.run for column in three.columns[:2]})
    of_two, of_three = page.comparison(two, "kep"), page.comparison(three, "kep")

    assert of_two.index('id="differences"') < of_two.index('id="promises"') < of_two.index('id="matrix"')
    assert of_three.index('id="promises"') < of_three.index('id="differences"') < of_three.index('id="matrix"')


def test_page_links_each_cell_that_differs(three):
    text = page.comparison(three, "kep")

    section = re.search(r'<section id="differences".*?</section>', text, re.DOTALL)[0]
    assert '<a href="#/c/bbbbbbbbbbbb/passes" data-observed="fail">✗ fail</a>' in section
    assert 'id="differences"' not in page.comparison(matrix({"one": three.columns[0].run}), "kep")

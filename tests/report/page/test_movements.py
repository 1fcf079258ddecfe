"""The page of a run against an earlier one says on top what moved, and the same as the terminal."""

import html
import re
from dataclasses import replace

import pytest
from rich.console import Console

from svcproof.model.fact import Fact, Finding
from svcproof.model.matrix import matrix
from svcproof.model.movement import Movement
from svcproof.model.run import Finished
from svcproof.report import page
from svcproof.report.comparison import terminal
from svcproof.report.comparison.words import moves
from svcproof.report.page.movements import MEANINGS

FINISHED = Finished(at="2026-01-02T03:05:05.000+00:00", seconds=60.0)
CHANGES = {
    "passes": Finding.REFUTED,
    "fails": Finding.CONFIRMED,
    "is_weak": Finding.UNTESTABLE,
    "breaks": Finding.CONFIRMED,
    "is_blocked": Finding.BROKE,
}


@pytest.fixture
def both(every_kind, behaviour):
    """Two runs of which all kinds of movement can be told."""
    old = replace(every_kind, finished=FINISHED, versions={"kubernetes": "v1.35.0"}, digest="a" * 64)
    facts = [fact for fact in old.facts if fact.id not in CHANGES]
    facts += [Fact(id=name, finding=finding, reason="another") for name, finding in CHANGES.items()]
    facts = [replace(fact, record="refused") if fact.id == "is_open" else fact for fact in facts]
    claims = {
        **old.header.proxy.model_dump(),
        "features": [*sorted(old.header.proxy.claims.features), "service-proxy-name"],
    }
    header = replace(old.header, suite="other", proxy=type(old.header.proxy).model_validate(claims))
    behaviours = (*old.behaviours[:-1], behaviour("is_new"))
    new = replace(old, header=header, behaviours=behaviours, facts=tuple(facts), digest="b" * 64)
    return matrix({"old": old, "new": replace(new, versions={"kubernetes": "v1.36.0"})})


def section(both):
    text = page.against(both, "kep")
    return re.search(r'<section id="against".*?</section>', text, re.DOTALL)[0]


def test_every_movement_is_on_top_with_its_behaviours(both):
    text = section(both)

    for movement, entries in moves(both).items():
        assert f"<summary>{movement} ({len(entries)}): {MEANINGS[movement]}</summary>" in text
        for entry in entries:
            run = "a" * 12 if movement is Movement.RETIRED else "b" * 12
            assert f'<a href="#/c/{run}/{entry.row.behaviour.id}">' in text
    assert set(moves(both)) == set(Movement) - {Movement.SAME}


def test_the_page_and_the_terminal_say_the_same_of_both_runs(both):
    console = Console(width=300)
    with console.capture() as capture:
        console.print(terminal.render(both, "kep", moved=True))
    told = capture.get()
    notes = [html.unescape(note) for note in re.findall(r"<li>(.*?)</li>", section(both))]

    assert len(notes) >= 4
    assert [note for note in notes if note not in told] == []


def test_what_the_runs_do_not_have_in_common_is_told(both):
    text = html.unescape(section(both))

    assert "not the same kubernetes: v1.35.0 (old), v1.36.0 (new)" in text
    assert "not the same suite or selection" in text
    assert "<li>new alone claims service-proxy-name</li>" in text
    assert "old alone claims" not in text
    assert "not the same behaviours were tested; of the 2 that were in each run, old shows 1, new shows 1" in text


def test_nothing_is_said_to_have_moved_where_nothing_has(both):
    column = both.columns[0]
    same = matrix({"old": column.run, "again": replace(column.run, digest="c" * 64)})

    assert "Nothing moved" in section(same)
    assert "<summary>" not in section(same)


def test_a_comparison_without_an_earlier_run_has_no_such_section(both):
    assert 'id="against"' not in page.comparison(both, "kep")

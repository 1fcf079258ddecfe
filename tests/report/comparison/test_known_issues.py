"""Known issues in a comparison: links in cells, and rows that count for nobody."""

from dataclasses import replace

import pytest
from rich.console import Console

from svcproof.model.known_issue import KnownIssue
from svcproof.model.matrix import count, matrix, with_issues
from svcproof.model.run import Finished
from svcproof.report import page
from svcproof.report.comparison import markdown, terminal

URL = "https://example.org/?a=1&b=%22%3E"


@pytest.fixture
def runs(every_kind):
    finished = Finished(at="2026-01-02T03:05:05.000+00:00", seconds=60.0)
    mine = replace(every_kind, finished=finished, versions={"mine": "1.16.0"})
    header = replace(mine.header, id="other", proxy=mine.header.proxy.model_copy(update={"name": "yours"}))
    return matrix({"mine": mine, "yours": replace(mine, header=header, behaviours=mine.behaviours[1:])})


def issue(behaviour, **more):
    return KnownIssue(**{"behaviour": behaviour, "target": "proxy", "url": URL, "proxy": "mine", **more})


def row_of(runs, name):
    return next(row for row in runs.rows if row.behaviour.id == name)


def test_an_issue_is_in_the_cells_that_it_is_about_and_changes_no_mark(runs):
    known = issue("fails", versions=">=1.15 <1.18")
    others = [issue("fails", versions=">=1.17"), issue("fails", proxy="theirs"), issue("breaks")]
    row = row_of(with_issues(runs, [known, *others]), "fails")

    assert [cell.issues for cell in row.cells] == [(known,), ()]
    assert [cell.observed for cell in row.cells] == [cell.observed for cell in row_of(runs, "fails").cells]
    assert row.withdrawn is None


def test_a_row_that_is_the_suites_fault_counts_for_nobody(runs):
    known = issue("fails", target="suite", proxy="")
    after = with_issues(runs, [known])

    assert row_of(after, "fails").withdrawn == known
    assert count(after.rows, 0).failed == 0
    assert count(runs.rows, 0).rows - count(after.rows, 0).rows == 1
    assert (
        row_of(with_issues(runs, [issue("fails", target="suite", proxy="", state="closed")]), "fails").withdrawn is None
    )


def test_a_cell_without_a_run_has_no_issue(runs):
    cells = row_of(with_issues(runs, [issue("passes", target="kubernetes", proxy="")]), "passes").cells
    assert [len(cell.issues) for cell in cells] == [1, 0]


def test_every_rendering_tells_of_it(runs):
    known = with_issues(runs, [issue("fails"), issue("is_weak", target="suite", proxy="")])
    html, text = page.comparison(known, "kep"), markdown.compared(known, "kep")
    console = Console(width=300)
    with console.capture() as capture:
        console.print(terminal.render(known, "kep"))

    assert html.count(f'<a class="issue" data-state="open" href="{URL.replace("&", "&amp;")}">proxy issue</a>') == 1
    assert html.count("suite issue</a>") == 2
    assert html.count("data-withdrawn>") == 1
    for told in (text.replace("\\", ""), capture.get()):
        assert f"fails: {URL} (proxy, open), in mine" in told.replace("&amp;", "&")
        assert "(suite, open), in mine, yours; the check is wrong, and counts for nobody" in told


def test_without_issues_nothing_is_told(runs):
    assert with_issues(runs, []) == runs
    assert "nown issue" not in markdown.compared(runs, "kep")

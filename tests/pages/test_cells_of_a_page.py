"""The cells of a whole page: with what it has no room for once the run file is dropped, with evidence and issues."""

import pytest

from svcproof.model.known_issue import KnownIssue
from svcproof.model.matrix import matrix, with_issues
from svcproof.report import page as pages
from svcproof.report import runfile
from svcproof.report.page import embedded
from tests.pages.recorded import recorded_run

pytestmark = pytest.mark.browser


def test_what_is_left_out_of_a_page_is_there_once_its_run_file_is_dropped(open_page, tmp_path, monkeypatch):
    monkeypatch.setattr(embedded, "ROOM", 0)
    run = runfile.store(recorded_run(), tmp_path / "kept")
    (report := tmp_path / "report.html").write_bytes(pages.single(run, run.verdicts()))
    fact = run.facts[0]
    page = open_page(report, f"#/c/{run.digest[:12]}/{fact.id}")
    panel = page.locator("#panel-body section")
    panel.wait_for()

    assert "this page does not have all of this check" in panel.inner_text()
    assert fact.divergence.sentence in panel.inner_text()
    assert page.locator("#panel-body .details-looks").count() == 0

    page.keyboard.press("Escape")
    page.locator("#drop input").set_input_files(tmp_path / "kept" / "run.jsonl")
    page.get_by_text("which is here already").wait_for()
    page.locator(f'tr[data-behaviour="{fact.id}"] button').click()
    page.locator("#panel-body .details-looks").first.wait_for()

    assert "does not have all" not in panel.inner_text()
    assert page.locator("th[data-run][scope=col] a").count() == 1


def test_the_evidence_of_a_report_is_linked_from_its_cells(open_page, tmp_path):
    run = runfile.store(recorded_run(), tmp_path / "kept")
    (report := tmp_path / "report.html").write_bytes(pages.single(run, run.verdicts()))
    fact = run.facts[0]
    page = open_page(report, f"#/c/{run.digest[:12]}/{fact.id}")
    page.get_by_text("Evidence (1 file)").click()

    assert page.locator("#panel-body a[href*=evidence]").get_attribute("href") == f"evidence/{fact.id}.rules"


def test_a_known_issue_is_linked_in_the_opened_cell(open_page, tmp_path):
    run = runfile.store(recorded_run(), tmp_path / "kept")
    fact = run.facts[0]
    issue = KnownIssue(behaviour=fact.id, target="proxy", url="https://example.org/issues/7")
    text = pages.comparison(with_issues(matrix({"broken": run}), [issue]), "kep")
    (compared := tmp_path / "compared.html").write_text(text)

    page = open_page(compared, f"#/c/{run.digest[:12]}/{fact.id}")
    page.locator("#panel-body section").wait_for()

    assert page.locator("#panel-run .issue").get_attribute("href") == "https://example.org/issues/7"

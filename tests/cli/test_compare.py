"""`svcproof compare` puts runs side by side, and exits with 1 for a regression alone."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from svcproof.cli.compare import command
from svcproof.errors import UsageError
from svcproof.exit_code import ExitCode
from svcproof.model.behaviour import Behaviour, Level, Part
from svcproof.model.cluster_spec import ClusterSpec
from svcproof.model.fact import Fact, Finding
from svcproof.model.proxy_spec import ProxySpec
from svcproof.model.run import Finished, Run
from svcproof.report import begin, runfile

HELD = Behaviour(
    id="it_holds",
    area="node_port",
    requirement="It holds.",
    spec="https://example.org/",
    level=Level.MUST,
    by=Part.PROXY,
)


@pytest.fixture
def stored(tmp_path: Path):
    def store(name: str, finding: Finding) -> str:
        run = Run(
            header=replace(begin(ClusterSpec(name="lab", provider="lab"), ProxySpec(name=name)), id=name),
            behaviours=(HELD,),
            facts=(Fact(id="it_holds", finding=finding, reason="no answer"),),
            finished=Finished(at="2026-01-02T03:05:05.000+00:00", seconds=1.0),
        )
        runfile.store(run, tmp_path / name)
        return str(tmp_path / name)

    return store


def compare(*arguments: str):
    return CliRunner().invoke(command, arguments, standalone_mode=False)


def test_runs_side_by_side_are_written_in_each_form(stored, tmp_path):
    forms = ["--markdown", str(tmp_path / "c.md"), "--csv", str(tmp_path / "c.csv")]

    ended = compare(stored("good", Finding.CONFIRMED), stored("bad", Finding.REFUTED), *forms)

    assert ended.return_value == ExitCode.OK
    assert "they differ in 1 of 1" in ended.output
    assert "| it\\_holds | ✓ pass | ✗ fail |" in (tmp_path / "c.md").read_text()
    assert "it_holds" in (tmp_path / "c.csv").read_text()


def test_what_held_and_no_longer_does_is_a_regression(stored):
    ended = compare(stored("new", Finding.REFUTED), "--against", stored("old", Finding.CONFIRMED))

    assert ended.return_value == ExitCode.FAILED
    assert "regressions (1)\n  it_holds: ✓ pass -> ✗ fail: no answer" in ended.output


@pytest.mark.parametrize("finding", [Finding.BROKE, Finding.UNTESTABLE, Finding.CONFIRMED])
def test_what_could_not_be_shown_is_no_regression(stored, finding):
    assert compare(stored("new", finding), "--against", stored("old", Finding.CONFIRMED)).return_value == ExitCode.OK


def test_one_run_is_compared_with_an_earlier_one(stored):
    ended = compare(stored("a", Finding.BROKE), stored("b", Finding.BROKE), "--against", stored("c", Finding.BROKE))

    assert isinstance(ended.exception, UsageError)


def test_a_directory_without_a_run_is_refused(tmp_path):
    assert "cannot read the run file" in str(compare(str(tmp_path)).exception)


def test_issues_are_linked_from_cells_and_a_name_that_nobody_has_is_refused(stored, tmp_path: Path):
    issues, page = tmp_path / "known-issues.yaml", tmp_path / "page.html"
    text = "issues: [{behaviour: %s, target: proxy, proxy: %s, url: 'https://example.org/7'}]\n"
    issues.write_text(text % ("it_holds", "bad"))
    runs = [stored("good", Finding.CONFIRMED), stored("bad", Finding.REFUTED)]

    told = CliRunner().invoke(command, [*runs, "--known-issues", str(issues), "--html", str(page)])
    assert told.exit_code == 0
    assert "it_holds: https://example.org/7 (proxy, open), in bad" in told.output
    assert page.read_text().count('href="https://example.org/7"') == 1

    issues.write_text(text % ("it_hold", "badd"))
    refused = CliRunner().invoke(command, [*runs, "--known-issues", str(issues)])
    assert isinstance(refused.exception, UsageError)
    assert len(refused.exception.problems) == 2


def test_a_page_leads_to_the_evidence_that_is_there(stored, tmp_path):
    good, bad = stored("good", Finding.CONFIRMED), stored("a:b <c>", Finding.REFUTED)
    (tmp_path / "a:b <c>" / "evidence").mkdir()
    (tmp_path / "pages").mkdir()

    compare(good, bad, "--html", str(tmp_path / "pages" / "compared.html"))
    compare(good, f"{bad}/run.jsonl", "--html", str(tmp_path / "a:b <c>" / "compared.html"))

    words = r'"bases": {"[0-9a-f]{12}": null, "[0-9a-f]{12}": "%s"}'
    assert re.search(words % "../a%3Ab%20%3Cc%3E/", (tmp_path / "pages" / "compared.html").read_text())
    assert re.search(words % "", (tmp_path / "a:b <c>" / "compared.html").read_text())


def test_all_that_is_wrong_with_runs_and_files_is_told_at_once_and_no_run_file_is_written_over(stored, tmp_path):
    run = stored("kept", Finding.CONFIRMED)
    before = (tmp_path / "kept" / "run.jsonl").read_bytes()
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    words = [run, str(tmp_path / "none"), str(tmp_path / "loop"), "--html", f"{run}/run.jsonl"]
    words += ["--markdown", str(tmp_path / "same"), "--csv", str(tmp_path / "same")]

    result = CliRunner().invoke(command, words)

    assert isinstance(result.exception, UsageError)
    told = "\n".join(result.exception.problems)
    for what in ("none: No such file", "loop: Too many levels", "is a run file, which would be lost", "is the file of"):
        assert what in told, what
    assert (tmp_path / "kept" / "run.jsonl").read_bytes() == before
    assert not (tmp_path / "same").exists()

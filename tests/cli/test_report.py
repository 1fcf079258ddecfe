"""`svcproof report`: the files of a run, made again from its facts."""

import re

import pytest
from click.testing import CliRunner

from svcproof.cli import main
from svcproof.model.behaviour import Behaviour, Level, Part
from svcproof.model.cluster_spec import ClusterSpec
from svcproof.model.fact import Fact, Finding
from svcproof.model.proxy_spec import ProxySpec
from svcproof.model.run import Finished, Run
from svcproof.report import begin, files, runfile

pytestmark = pytest.mark.programs

FAILS = Behaviour(
    id="fails", area="a", requirement="It holds.", spec="https://example.org", level=Level.MUST, by=Part.PROXY
)


@pytest.fixture
def results(tmp_path):
    """The results of a run in which a MUST failed: its run file alone."""
    run = Run(
        header=begin(ClusterSpec(name="lab", provider="lab"), ProxySpec(name="mine")),
        behaviours=(FAILS,),
        facts=(Fact(id="fails", finding=Finding.REFUTED, reason="nobody answered"),),
        finished=Finished(at="", seconds=1.0),
    )
    runfile.store(run, tmp_path / "results")
    return tmp_path / "results"


def report(*arguments):
    return CliRunner().invoke(main, ["report", *map(str, arguments)])


def test_the_files_are_made_again_and_nobody_is_judged(results):
    told = report(results)

    assert (told.exit_code, told.output) == (0, f"made in {results}: {', '.join(files.FILES)}\n")
    assert {path.name for path in results.iterdir()} == {"run.jsonl", *files.FILES}


def test_they_are_those_that_recheck_leaves(results):
    report(results)
    made = {name: (results / name).read_bytes() for name in files.FILES}

    assert CliRunner().invoke(main, ["recheck", str(results)]).exit_code == 1
    assert {name: (results / name).read_bytes() for name in files.FILES} == made


def test_nothing_is_written_where_one_of_several_is_no_run(results, tmp_path):
    told = report(results, tmp_path / "nowhere")

    assert told.exit_code == 4
    assert "cannot read the run file" in told.output
    assert [path.name for path in results.iterdir()] == ["run.jsonl"]


def test_a_step_on_github_gets_summary_outputs_and_annotations(results, tmp_path, monkeypatch):
    summary, outputs = tmp_path / "summary", tmp_path / "outputs"
    summary.write_text("of the step before\n")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    monkeypatch.setenv("GITHUB_OUTPUT", str(outputs))

    told = report(results, "--github")

    assert told.exit_code == 0
    assert next(line for line in told.output.splitlines() if line.startswith("::")).startswith(
        "::error title=fail fails::MUST: It holds.%0Afound: nobody answered%0Aagain: svcproof run "
    )
    assert summary.read_text() == "of the step before\n" + (results / "report.md").read_text()
    lines = outputs.read_text().splitlines()
    end = lines[2]
    assert re.fullmatch("[0-9a-f]{32}", end)
    assert dict(zip(lines[0::3], lines[1::3], strict=True)) == {
        f"verdict<<{end}": "failed",
        f"failed<<{end}": "1",
        f"shown<<{end}": "0",
        f"core<<{end}": "1",
        f"run-file<<{end}": str(results / "run.jsonl"),
    }


def test_a_summary_that_is_nearly_full_is_left_as_it_is(results, tmp_path, monkeypatch):
    summary = tmp_path / "summary"
    summary.write_text("x" * ((1 << 20) - 100))
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    monkeypatch.setenv("GITHUB_OUTPUT", str(tmp_path / "outputs"))

    told = report(results, "--github")

    assert "::notice::The summary of this step has no room" in told.output
    assert summary.stat().st_size == (1 << 20) - 100


def test_all_mistakes_are_told_at_once_and_nothing_is_written(results, tmp_path, monkeypatch):
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    monkeypatch.delenv("GITHUB_OUTPUT", raising=False)

    told = report(results, results, "--github", "--badge", tmp_path / "badge.png")

    assert told.exit_code == 4
    assert told.output.splitlines() == [
        f"Error: --badge {tmp_path}/badge.png: its name must end in .svg or .json",
        "--tap, --badge and --github are for one run, and 2 were given; name one",
        "--github is for a step of a workflow on GitHub, and GITHUB_STEP_SUMMARY and GITHUB_OUTPUT is not set here",
    ]
    assert [path.name for path in results.iterdir()] == ["run.jsonl"]


def test_tap_and_badges_are_written_where_they_are_wanted(results, tmp_path):
    wanted = [tmp_path / name for name in ("run.tap", "badge.svg", "badge.json")]

    told = report(results, "--tap", wanted[0], "--badge", wanted[1], "--badge", wanted[2])

    assert told.exit_code == 0
    assert [path.read_bytes()[:4] for path in wanted] == [b"TAP ", b"<svg", b'{"sc']


@pytest.mark.parametrize("option", ["--tap=nowhere/run.tap", "--badge=nowhere/badge.svg"])
def test_a_file_that_cannot_be_written_is_told_with_what_to_do(results, option):
    told = report(results, option)

    assert told.exit_code == 3
    assert re.search(r"cannot write nowhere/\S+: No such file or directory; name a file in a directory", told.output)

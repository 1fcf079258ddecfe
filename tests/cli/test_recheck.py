from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner

from harness.cli import main
from harness.declare import suites_dir
from harness.declare.catalogue import catalogue
from harness.model.cluster_spec import ClusterSpec
from harness.model.fact import Fact, Finding
from harness.model.proxy_spec import ProxySpec
from harness.model.run import COMPLETED, Finished, Selection
from harness.report import begin, runfile

PROXY = """
install: {{program: {{command: [mine]}}}}
deviations: [{{behaviour: {behaviour}, why: planned, url: "https://example.org/why"}}]
"""


@pytest.fixture
def core():
    return next(one for one in catalogue(suites_dir()) if one.core)


@pytest.fixture
def results(tmp_path, core):
    """A run in which one core behaviour was refuted."""
    folder = tmp_path / "results"
    folder.mkdir()
    writer = runfile.Writer(folder / "run.jsonl")
    writer.write(begin(ClusterSpec(name="lab", provider="lab"), ProxySpec(name="mine")))
    writer.write(Selection(behaviours=(core,)))
    writer.write(Fact(id=core.id, finding=Finding.REFUTED, reason="nobody answered"))
    writer.write(Finished(at="", seconds=1.0, why=COMPLETED))
    writer.close()
    return folder


def recheck(*arguments):
    return CliRunner().invoke(main, ["recheck", *map(str, arguments)])


def test_stored_facts_are_judged_anew_by_the_runs_own_claims(results):
    told = recheck(results)

    assert told.exit_code == 1
    assert "nobody answered" in told.output
    assert ET.parse(results / "junit.xml").getroot().get("failures") == "1"


def test_another_declaration_can_excuse_what_was_refuted(results, core, tmp_path):
    other = tmp_path / "other.yaml"
    other.write_text(PROXY.format(behaviour=core.id))

    told = recheck(results / "run.jsonl", "--proxy", other)

    assert told.exit_code == 0
    assert "documented: planned (https://example.org/why)" in told.output
    assert "nobody answered" in (results / "junit.xml").read_text()
    assert ET.parse(results / "junit.xml").getroot().find("testsuite").get("skipped") == "1"


def test_a_deviation_from_no_behaviour_is_refused_and_nothing_written(results, core, tmp_path):
    other = tmp_path / "other.yaml"
    other.write_text(PROXY.format(behaviour=core.id + "x"))

    told = recheck(results, "--proxy", other)

    assert told.exit_code == 4
    assert f"did you mean {core.id}" in told.output
    assert [one.name for one in results.iterdir()] == ["run.jsonl"]


def test_what_is_no_run_is_refused(tmp_path):
    told = recheck(tmp_path)

    assert told.exit_code == 4
    assert "cannot read the run file" in told.output

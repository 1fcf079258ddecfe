import re
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner

from svcproof.cli import main
from svcproof.declare import suites_dir
from svcproof.declare.catalogue import catalogue
from svcproof.evidence.folder import EvidenceFolder
from svcproof.model.cluster_spec import ClusterSpec
from svcproof.model.evidence import Evidence
from svcproof.model.fact import Fact, Finding
from svcproof.model.proxy_spec import ProxySpec
from svcproof.model.run import COMPLETED, Finished, Run, Selection
from svcproof.report import begin, runfile

pytestmark = pytest.mark.programs

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


@pytest.mark.parametrize("kind", ["selection", "fact"])
def test_a_run_without_the_lines_of_what_failed_is_refused_and_nothing_written(results, kind):
    file = results / "run.jsonl"
    lines = [line for line in file.read_text().splitlines(keepends=True) if f'"kind": "{kind}"' not in line]
    file.write_text("".join(lines))

    told = recheck(results)

    assert told.exit_code == 4
    assert re.fullmatch(r"Error: .*run\.jsonl:\d: not a line of a svcproof run: .*\n", told.output)
    assert [one.name for one in results.iterdir()] == ["run.jsonl"]


@pytest.mark.parametrize(("kept", "code"), [(1, 3), (2, 3), (3, 1)])
def test_a_run_without_its_last_lines_is_never_said_to_be_complete(results, kept, code):
    file = results / "run.jsonl"
    file.write_text("".join(file.read_text().splitlines(keepends=True)[:kept]))

    told = recheck(results)

    assert told.exit_code == code
    assert "not complete: the run file has no last line" in told.output
    assert ("ends before it says which behaviours were selected" in told.output) is (kept == 1)
    cases = ET.parse(results / "junit.xml").getroot().iter("testcase")
    assert "the run completes" in [case.get("name") for case in cases]


def test_shards_are_merged_as_they_were_written_or_not_at_all(tmp_path, results, core):
    def merge(where):
        return CliRunner().invoke(main, ["merge", str(tmp_path / "one"), "--results", str(tmp_path / where)])

    run = runfile.load(results)
    runfile.store(replace(run, header=replace(run.header, shard="1/1")), tmp_path / "one")

    assert merge("whole").exit_code == 1
    assert recheck(tmp_path / "whole").exit_code == 1
    for place in ("whole", "one"):
        file = tmp_path / place / "run.jsonl"
        file.write_text(file.read_text().replace("refuted", "confirmed"))
    assert recheck(tmp_path / "whole").exit_code == 4
    told = merge("again")
    assert (told.exit_code, "its digest does not fit" in told.output) == (4, True)
    assert not (tmp_path / "again").exists()


def with_evidence(folder, core, shard=""):
    """A run whose one fact has evidence in a file."""
    folder.mkdir()
    kept = EvidenceFolder(folder, core.id)
    kept.write_text("log of the proxy", "proxy.log", f"\x1b[31m{folder.name}")
    evidence = Evidence(files=tuple(kept.files))
    header = replace(begin(ClusterSpec(name="lab", provider="lab"), ProxySpec(name="mine")), shard=shard)
    fact = Fact(id=core.id, finding=Finding.REFUTED, reason="nobody answered", evidence=evidence)
    finished = Finished(at="", seconds=1.0, why=COMPLETED)
    runfile.store(Run(header=header, behaviours=(core,), facts=(fact,), finished=finished), folder)
    return folder / "evidence" / evidence.files[0].name


def test_evidence_that_was_changed_is_refused_and_what_is_gone_is_not_missed(tmp_path, core):
    file = with_evidence(tmp_path / "results", core)
    assert recheck(tmp_path / "results").exit_code == 1
    assert f"evidence/{file.name}" in (tmp_path / "results" / "junit.xml").read_text()

    file.write_text("another")
    refused = recheck(tmp_path / "results" / "run.jsonl")
    assert refused.exit_code == 4
    assert str(file) in refused.output.replace("\n", "")

    file.unlink()
    assert recheck(tmp_path / "results").exit_code == 1


def test_merging_copies_the_files_of_evidence(tmp_path, core):
    file = with_evidence(tmp_path / "part", core, shard="1/1")
    whole = tmp_path / "whole"

    merged = CliRunner().invoke(main, ["merge", str(tmp_path / "part"), "--results", str(whole)])

    assert merged.exit_code == 1
    assert (whole / "evidence" / file.name).read_text() == file.read_text()
    [copy] = runfile.load(whole).facts[0].evidence.files
    assert (copy.name, copy.title) == (file.name, "log of the proxy")
    assert recheck(whole).exit_code == 1


BASELINE = """\
baseline: 1
entries:
- {{behaviour: {behaviour}, why: known, url: "https://example.org/1", owner: "@net", until: {until}}}
"""


@pytest.fixture
def known(tmp_path, core):
    """Write a baseline that lists the behaviour which was refuted."""

    def written(until="2999-01-01", name=core.id):
        (tmp_path / "known.yaml").write_text(BASELINE.format(behaviour=name, until=until))
        return tmp_path / "known.yaml"

    return written


def test_a_failure_in_the_baseline_does_not_fail_the_run_and_is_skipped_in_junit(results, core, known):
    told = recheck(results, "--baseline", known())

    assert told.exit_code == 0
    assert "baseline: 1 fails as the baseline says" in told.output
    case = ET.parse(results / "junit.xml").find(".//testcase")
    assert case.find("failure") is None
    words = "expected failure: known (https://example.org/1, @net, until 2999-01-01)"
    assert case.find("skipped").get("message") == words
    assert case.find("skipped").text == "nobody answered"
    assert case.find("properties/property[@name='ruling']").get("value") == "fail"
    assert recheck(results).exit_code == 1


def test_an_expired_entry_fails_the_run_and_is_a_failure_in_junit(results, known):
    told = recheck(results, "--baseline", known(until="2020-01-01"))

    assert told.exit_code == 1
    assert "expired: mend it or renew the entry (https://example.org/1, @net, until 2020-01-01)" in told.output
    assert "expired" in ET.parse(results / "junit.xml").find(".//failure").get("message")


def test_mistakes_in_a_baseline_and_a_declaration_are_told_together_and_nothing_is_written(results, core, known):
    told = recheck(results, "--baseline", known(name=core.id + "s"), "--proxy", "refrence", "--write-baseline", results)

    assert told.exit_code == 4
    assert f"did you mean {core.id}" in told.output
    assert "did you mean reference" in told.output
    assert "is there already" in told.output
    assert not (results / "junit.xml").exists()


def test_a_first_baseline_counts_for_nothing_until_it_is_filled_in(results, core, tmp_path):
    first = tmp_path / "first.yaml"
    told = recheck(results, "--write-baseline", first)

    assert told.exit_code == 1
    assert f"wrote {first}: fill in" in told.output
    refused = recheck(results, "--baseline", first)
    assert refused.exit_code == 4
    for key in ("why", "url", "owner"):
        assert f"entries.0.{key}: to be filled in" in refused.output
    text = first.read_text().replace('why: ""', "why: known").replace('owner: ""', "owner: us")
    first.write_text(text.replace('url: ""', "url: https://example.org/1"))
    assert recheck(results, "--baseline", first).exit_code == 0

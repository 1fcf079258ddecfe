"""`svcproof report`: the files of a run, made again from its facts."""

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

    assert (told.exit_code, told.output) == (0, f"{results}: {', '.join(files.FILES)}\n")
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

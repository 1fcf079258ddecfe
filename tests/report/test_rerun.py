"""What of an earlier run is run again, and with which of its options."""

from dataclasses import replace

import pytest
from click.testing import CliRunner

from svcproof.cli import main
from svcproof.errors import UsageError
from svcproof.model.fact import Finding
from svcproof.model.options import Options
from svcproof.report import rerun, runfile
from svcproof.report.lines import Chain

pytestmark = pytest.mark.timeout(30)


@pytest.fixture
def earlier(every_kind, tmp_path):
    """Load a run in which every finding occurs, with another header or other facts."""

    def load(facts=every_kind.facts, **fields):
        directory = tmp_path / "results"
        run = replace(every_kind, header=replace(every_kind.header, **fields), facts=facts)
        runfile.store(run, directory)
        return rerun.load(directory)

    return load


def test_what_failed_broke_or_was_not_run_is_run_again_and_nothing_else(earlier):
    assert earlier().ids == {"fails", "is_weak", "breaks", "breaks_too", "is_blocked", "is_not_reached"}


def test_what_differed_between_repeats_is_run_again(earlier, every_kind):
    confirmed = replace(every_kind.facts[0], id="fails")

    assert "fails" in earlier(facts=(*every_kind.facts, confirmed), repeat=2).ids


def test_what_the_proxy_documents_is_not_run_again(earlier, every_kind):
    claims = {"deviations": [{"behaviour": "fails", "why": "planned", "url": "https://example.org/why"}]}
    proxy = type(every_kind.header.proxy).model_validate({"name": "mine", **claims})

    assert "fails" not in earlier(proxy=proxy).ids


def test_it_says_how_many_of_which_kind_and_what_is_not_there(earlier):
    run = earlier()

    assert run.described(run.ids - {"fails"}) == (
        f"running again 5 of 9 behaviours, from {run.place}: 1 weak, 2 error, 1 blocked, 1 not run\n"
        "not among what is selected now: fails"
    )


def test_cluster_proxy_faults_and_their_options_are_those_of_the_run(earlier):
    run = earlier(cluster_given="kind", options=("--keep", "--node-image=kindest/node:v1"))

    assert run.options(Options()) == Options(
        cluster="kind",
        proxy="./my proxy.yaml",
        faults=("proxy/no-reject",),
        keep=True,
        node_image="kindest/node:v1",
    )


def test_what_the_command_line_has_takes_the_place_of_the_runs(earlier):
    taken = earlier(options=("--image=old",)).options(Options(proxy="other", image="new"))

    assert taken == Options(cluster="lab", proxy="other", faults=("proxy/no-reject",), image="new")


@pytest.mark.parametrize("given", [{"cluster": "kind"}, {"kubeconfig": "mine.kubeconfig"}, {"context": "mine"}])
def test_another_cluster_is_not_given_options_of_the_runs(earlier, given):
    taken = earlier(options=("--kubeconfig=theirs",)).options(Options(**given))

    assert taken == Options(**given, proxy="./my proxy.yaml")


def test_relative_paths_lead_from_the_directory_of_the_run(earlier, tmp_path):
    run = earlier(
        directory="/where/it was",
        proxy_given="../mine.yaml@1.2.3",
        options=("--kubeconfig=k", "--metallb-manifest=/m.yaml"),
        suites=("builtin", "suite", "/other"),
    )
    taken = run.options(Options())

    assert (taken.cluster, taken.proxy) == ("lab", "/where/mine.yaml@1.2.3")
    assert (taken.kubeconfig, taken.metallb_manifest) == ("/where/it was/k", "/m.yaml")
    assert run.suites == ("builtin", "/where/it was/suite", "/other")


def test_relative_paths_stay_as_they_are_in_the_directory_of_the_run(earlier, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run = earlier(directory=str(tmp_path), suites=("suite",))

    assert (run.options(Options()).proxy, run.suites, run.shown) == ("./my proxy.yaml", ("suite",), "results")


def test_options_are_read_as_they_are_written():
    options = Options(cluster="kind", faults=("a/b", "c/d=e"), keep=True, kubeconfig="a=b c")

    assert Options.read(options.words) == options


def test_a_run_that_had_not_selected_anything_is_refused(tmp_path, header):
    with (path := tmp_path / "run.jsonl").open("wb") as file:
        file.write(Chain().seal(header))

    with pytest.raises(UsageError, match="it ended before it selected any behaviour"):
        rerun.load(path)


def test_a_run_of_which_all_holds_has_nothing_to_run_again(earlier, every_kind):
    run = earlier(facts=tuple(replace(every_kind.facts[0], id=one.id) for one in every_kind.behaviours))
    told = CliRunner().invoke(main, ["run", "--rerun-failed", str(run.place)])

    assert told.exit_code == 0
    assert "of its 9 behaviours none failed, broke or was not run" in told.stdout


def test_a_run_file_that_was_edited_is_refused_in_one_line(earlier):
    file = earlier().place / "run.jsonl"
    file.write_bytes(file.read_bytes().replace(str(Finding.REFUTED).encode(), b"confirmed"))
    told = CliRunner().invoke(main, ["run", "--rerun-failed", str(file)])

    assert told.exit_code == 4
    assert told.stderr.count("\n") == 1
    assert "its digest does not fit" in told.stderr


def test_tests_of_a_project_are_for_pytest_to_run_again(earlier, every_kind, tmp_path):
    behaviours = tuple(replace(one, node=f"my tests/test_it.py::test_{one.id}") for one in every_kind.behaviours)
    runfile.store(replace(every_kind, behaviours=behaviours), tmp_path / "theirs")
    told = CliRunner().invoke(main, ["run", "--rerun-failed", str(tmp_path / "theirs")])

    assert told.exit_code == 4
    assert f"pytest --svcproof-rerun-failed={tmp_path / 'theirs'} 'my tests/test_it.py'" in told.stderr

import errno
import os
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from svcproof.errors import ProvisionError, UsageError
from svcproof.model.cluster_spec import ClusterSpec
from svcproof.model.fact import Fact, Finding
from svcproof.model.proxy_spec import ProxySpec
from svcproof.report import Recording, begin, runfile

LAB = ClusterSpec(name="lab", provider="lab")
MINE = ProxySpec(name="mine")


@pytest.fixture
def record(tmp_path, behaviour):
    """Begin a recording in the test itself: its console is on standard output as it is then."""
    made = []

    def begin_recording(*names):
        made.append(Recording(tmp_path, begin(LAB, MINE)))
        made[-1].behaviours([behaviour(name) for name in names])
        return made[-1]

    yield begin_recording
    for one in made:
        one.close()


def confirmed(name):
    return Fact(id=name, finding=Finding.CONFIRMED)


def test_a_finished_run_leaves_facts_junit_and_its_exit_code(record, tmp_path, capfd):
    recording = record("answers", "spreads")

    for name in ("answers", "spreads"):
        recording.started(name, "gw1")
        recording.fact(confirmed(name))
    recording.versions({"kernel": "6.1"})

    code = recording.finish()

    run = runfile.load(tmp_path)
    assert code == 0
    assert ([one.worker for one in run.started], run.versions) == (["gw1", "gw1"], {"kernel": "6.1"})
    assert ET.parse(tmp_path / "junit.xml").getroot().get("tests") == "2"
    assert "2 of 2 core behaviours could be shown here." in capfd.readouterr().out


def test_every_fact_can_be_read_before_the_run_ends(record, tmp_path):
    recording = record("answers", "spreads")

    recording.fact(confirmed("answers"))

    assert [one.ruling for one in runfile.load(tmp_path).verdicts()] == ["pass", "not run"]


def test_an_interrupted_run_exits_2_and_says_what_was_in_flight(record, tmp_path, capfd):
    recording = record("answers", "spreads")

    recording.fact(Fact(id="answers", finding=Finding.REFUTED, reason="silence"))
    recording.started("spreads")

    assert recording.finish("interrupted") == 2
    assert runfile.load(tmp_path).verdicts()[1].reason == "interrupted: the run ended in the middle of this check"
    assert "not complete: interrupted" in capfd.readouterr().out


def test_a_run_that_could_not_go_on_exits_3_with_the_cause_in_each_verdict(record, tmp_path, capfd):
    recording = record("answers", "spreads")

    recording.fact(confirmed("answers"))

    assert recording.finish("the lab ended") == 3
    assert runfile.load(tmp_path).verdicts()[1].reason == "the lab ended: the run ended before this check"
    assert "not complete: the lab ended" in capfd.readouterr().out


def test_a_run_of_nothing_exits_5(record, capfd):
    assert record().finish() == 5
    assert "No core behaviour was selected." in capfd.readouterr().out


def test_results_go_to_a_directory_of_their_own_that_latest_leads_to(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    first, second = (Recording(None, begin(LAB, MINE)) for _ in range(2))

    assert first.directory != second.directory
    assert first.directory.name.startswith("mine-lab-")
    assert (tmp_path / "results/latest").resolve() == second.directory.resolve()
    first.close()
    second.close()


def test_a_second_run_does_not_write_into_the_first_ones_results(record, tmp_path):
    record("answers")

    with pytest.raises(UsageError, match="choose another --results"):
        Recording(tmp_path, begin(LAB, MINE))


def test_results_that_can_no_longer_be_written_are_told_and_what_was_found_stays(record, tmp_path, monkeypatch):
    recording = record("answers", "spreads")
    recording.fact(confirmed("answers"))

    def full(_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)

    with pytest.raises(ProvisionError, match=r"run\.jsonl: No space left on device; make room there"):
        recording.fact(confirmed("spreads"))
    with pytest.raises(ProvisionError, match="No space left on device"):
        recording.finish()
    assert {one.id for one in runfile.load(tmp_path).facts} >= {"answers"}


def test_a_directory_for_results_that_cannot_be_made_is_refused(tmp_path):
    (tmp_path / "taken").touch()

    with pytest.raises(
        UsageError, match=r"cannot make .*deeper for results: Not a directory; choose another --results"
    ):
        Recording(tmp_path / "taken" / "deeper", begin(LAB, MINE))


def test_the_header_says_what_was_asked_for_in_the_users_words():
    made = replace(begin(LAB, MINE), proxy_given="./mine.yaml", faults=("dns/no-srv",), options=("--keep",), seed=7)

    again = "svcproof run --cluster lab --proxy ./mine.yaml --fault dns/no-srv --keep -k answers"
    assert made.again("answers") == again
    assert made.seed == 7
    assert {"python", "kernel", "pytest"} <= set(made.versions)


def test_a_behaviour_of_the_users_own_is_run_again_as_it_was_run():
    told = replace(
        begin(LAB, MINE), proxy_given="./mine.yaml", options=("--kubeconfig=k",), suites=("builtin", "./my own")
    )
    by_pytest = replace(
        begin(LAB, MINE), proxy_given="./mine.yaml", faults=("dns/no-srv",), options=("--kubeconfig=k",)
    )

    own = "svcproof run --cluster lab --proxy ./mine.yaml --kubeconfig=k --suite builtin --suite './my own' -k answers"
    ours = "--svcproof-cluster lab --svcproof-proxy ./mine.yaml --svcproof-fault dns/no-srv --svcproof-kubeconfig=k"
    assert told.again("answers") == own
    assert by_pytest.again("answers", "mine/test_it.py::test_answers") == f"pytest mine/test_it.py::test_answers {ours}"

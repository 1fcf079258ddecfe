"""The patience of a run: in force in every process of it, recorded and shown."""

import pytest

from tests.plugin.conftest import RunSuite

CHECK = """
@behaviour(level=MUST, because="x.", **claim)
def test_it(cluster, probe):
    "It is."
    probe()
    from svcproof.limits import Provision
    assert Provision.POD_READY.seconds == {seconds}
"""
WORDS = ("--svcproof-patience=2", "--svcproof-patience=pod-ready=3")


@pytest.mark.timeout(60)
@pytest.mark.parametrize(("words", "seconds"), [((), 60), (WORDS[:1], 120), (WORDS, 180)])
def test_checks_have_the_patience_of_the_run(run_suite: RunSuite, words: tuple[str, ...], seconds: int) -> None:
    code, lines = run_suite(CHECK.format(seconds=seconds), *words)

    assert (code, [line["finding"] for line in lines if line["kind"] == "fact"]) == (0, ["confirmed"])
    assert lines[0]["patience"] == [word.partition("=")[2] for word in words]


@pytest.mark.timeout(60)
def test_workers_have_it_too(run_suite: RunSuite) -> None:
    code, lines = run_suite(CHECK.format(seconds=180), *WORDS, "-n2")

    assert (code, [line["finding"] for line in lines if line["kind"] == "fact"]) == (0, ["confirmed"])


@pytest.mark.timeout(60)
def test_a_factor_that_is_none_ends_the_run_before_anything_is_made(run_suite: RunSuite) -> None:
    assert run_suite(CHECK.format(seconds=60), "--svcproof-patience=soon") == (4, [])

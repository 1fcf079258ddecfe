"""`--svcproof-rerun-failed` makes again the checks that did not hold, with the options of their run."""

from pathlib import Path

import pytest

from tests.plugin.conftest import RunSuite

pytestmark = pytest.mark.timeout(120)

CHECKS = """
import os
@behaviour(level=MUST, **claim)
def test_fails_once(probe):
    \"\"\"Fails once.\"\"\"
    probe()
    assert "SOUND" in os.environ
@behaviour(level=MUST, **claim)
def test_holds(probe):
    \"\"\"Holds.\"\"\"
    probe()
    assert 1
"""


def made(lines: list[dict[str, object]]) -> list[object]:
    return [line["id"] for line in lines if line["kind"] == "fact"]


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "workers"])
def test_only_what_failed_is_made_again(
    run_suite: RunSuite, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, workers: tuple[str, ...]
) -> None:
    code, lines = run_suite(CHECKS, "--svcproof-patience=2", "--svcproof-repeat=2")
    assert (code, len(made(lines))) == (1, 4)

    monkeypatch.setenv("SOUND", "1")
    results = next(Path(pytester.path).glob("*/results"))
    code, again = run_suite(CHECKS, f"--svcproof-rerun-failed={results}", *workers)

    assert (code, made(again)) == (0, ["fails_once", "fails_once"])
    assert (again[0]["patience"], again[0]["again_from"]) == (["2"], lines[0]["id"])


def test_where_all_held_there_is_nothing_to_do_and_that_is_no_failure(
    run_suite: RunSuite, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SOUND", "1")
    run_suite(CHECKS)
    results = next(Path(pytester.path).glob("*/results"))

    assert run_suite(CHECKS, f"--svcproof-rerun-failed={results}") == (0, [])
    assert "of its 2 behaviours none failed, broke or was not run" in capsys.readouterr().out


def test_a_run_that_cannot_be_read_is_refused(run_suite: RunSuite) -> None:
    assert run_suite(CHECKS, "--svcproof-rerun-failed=nonsuch") == (4, [])

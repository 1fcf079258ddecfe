"""`--svcproof-baseline`: failures that are known do not fail a session, and whatever is otherwise does."""

from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.plugin.conftest import RunSuite
from tests.plugin.test_fail_fast import ERROR, FAILS, FAILS_TOO, HOLDS, WEAK

pytestmark = pytest.mark.timeout(60)

ENTRY = "- {{behaviour: {name}, why: known, url: 'https://example.org/1', owner: us, until: {until}}}\n"
Known = Callable[..., str]


@pytest.fixture
def known(tmp_path: Path) -> Known:
    """Write a baseline, and return the option that names it."""

    def written(*names: str, until: str = "2999-01-01") -> str:
        entries = "".join(ENTRY.format(name=name, until=until) for name in names)
        (tmp_path / "known.yaml").write_text(f"baseline: 1\nentries: {'' if names else '[]'}\n{entries}")
        return f"--svcproof-baseline={tmp_path / 'known.yaml'}"

    return written


def test_what_is_listed_and_fails_does_not_fail_the_run_and_the_run_file_says_that_it_failed(
    run_suite: RunSuite, known: Known
) -> None:
    code, lines = run_suite(FAILS + HOLDS, known("c_fails"))

    assert code == 0
    (judged,) = [line["judgements"] for line in lines if line["kind"] == "judged"]
    assert isinstance(judged, list)
    assert judged[0]["observed"] == "fail"
    assert isinstance(header := lines[0]["baseline"], dict)
    assert [entry["behaviour"] for entry in header["entries"]] == ["c_fails"]


@pytest.mark.parametrize(
    ("checks", "names", "until", "code"),
    [
        (FAILS + FAILS_TOO, ["c_fails"], "2999-01-01", 1),
        (FAILS + HOLDS, ["c_fails", "d_holds"], "2999-01-01", 1),
        (FAILS, ["c_fails"], "2020-01-01", 1),
        (FAILS, [], "2999-01-01", 1),
        (ERROR, ["a_breaks"], "2999-01-01", 0),
        (ERROR + FAILS, ["c_fails"], "2999-01-01", 3),
        (WEAK, ["b_is_weak"], "2999-01-01", 0),
        (HOLDS, ["in_another_file"], "2999-01-01", 0),
    ],
)
def test_the_exit_code_is_that_of_the_table(
    run_suite: RunSuite, known: Known, checks: str, names: list[str], until: str, code: int
) -> None:
    assert run_suite(checks, known(*names, until=until), "test_checks.py")[0] == code


def test_a_name_that_is_none_is_refused_before_anything_is_made(
    run_suite: RunSuite, known: Known, capsys: pytest.CaptureFixture[str]
) -> None:
    code, lines = run_suite(FAILS, known("c_failz"), "--svcproof-repeat=0")

    assert (code, lines) == (4, [])
    told = capsys.readouterr().err
    assert "'c_failz' is no behaviour (did you mean c_fails" in told
    assert "--svcproof-repeat 0" in told


def test_an_expected_failure_does_not_count_for_fail_fast(run_suite: RunSuite, known: Known) -> None:
    code, lines = run_suite(FAILS + HOLDS + FAILS_TOO, known("c_fails"), "--svcproof-fail-fast")

    assert code == 1
    assert [line["id"] for line in lines if line["kind"] == "fact"] == ["c_fails", "d_holds", "e_fails_too"]


def test_a_first_baseline_is_written_with_what_fails_the_run_and_nothing_else(
    run_suite: RunSuite, tmp_path: Path
) -> None:
    first = tmp_path / "first.yaml"
    code, _ = run_suite(FAILS + HOLDS + WEAK, f"--svcproof-write-baseline={first}")

    assert code == 1
    assert [line for line in first.read_text().splitlines() if line.startswith("- ")] == ['- behaviour: "c_fails"']


def test_a_run_of_what_failed_has_the_baseline_of_the_earlier_one(
    run_suite: RunSuite, known: Known, pytester: pytest.Pytester
) -> None:
    run_suite(FAILS + FAILS_TOO, known("c_fails"))
    (earlier,) = pytester.path.glob("*/results")

    code, lines = run_suite(FAILS + FAILS_TOO.replace("not 1", "1"), f"--svcproof-rerun-failed={earlier}")

    assert code == 0
    assert lines[0]["baseline"] is not None


def test_pytest_itself_expects_what_is_listed_and_fails_what_is_stale(
    run_suite: RunSuite, known: Known, pytester: pytest.Pytester
) -> None:
    other = "\ndef test_another():\n    pass\n"
    code, _ = run_suite(
        FAILS + HOLDS + other, known("c_fails", "d_holds"), f"--junitxml={pytester.path / 'pytest.xml'}"
    )

    assert code == 1
    cases = {case.get("name"): case for case in ET.parse(pytester.path / "pytest.xml").iter("testcase")}
    skipped, failure = cases["test_c_fails"].find("skipped"), cases["test_d_holds"].find("failure")
    assert skipped is not None
    assert skipped.get("message") == "expected failure: known (https://example.org/1, us, until 2999-01-01)"
    assert failure is not None
    assert "take its entry out" in str(failure.text)
    assert len(cases["test_another"]) == 0

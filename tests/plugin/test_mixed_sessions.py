"""Behaviours beside tests that are none: pytest's status, output and exit code of the others are pytest's."""

from collections.abc import Callable
from xml.etree import ElementTree as ET

import pytest

pytestmark = pytest.mark.programs

RunSuite = Callable[..., tuple[int, list[dict[str, object]]]]
Mixed = Callable[..., pytest.RunResult]
HOLDS = '''
@behaviour(level=MUST, **claim)
def test_mine(probe):
    """A thing holds."""
    probe()
    assert True
'''
REFUTED = HOLDS.replace("True", "False")
WEAK = REFUTED.replace("MUST", "SHOULD")
LEFT_OPEN = REFUTED.replace("MUST", "MAY")
BROKEN = HOLDS.replace("    assert True", "    raise ProbeError('no answer to read')")
SILENT = HOLDS.replace("    probe()\n", "")
UNTESTABLE = HOLDS.replace("    probe()\n", "    pytest.skip('lacks it')\n")


@pytest.fixture
def mixed(pytester: pytest.Pytester, run_suite: RunSuite) -> Mixed:
    """Run checks and other tests of one project, given as source."""

    def run(checks: str, others: str, *options: str) -> pytest.RunResult:
        from tests.plugin.conftest import HEAD

        pytester.makepyfile(test_checks=HEAD + checks, test_others=others)
        return pytester.runpytest_inprocess("-p", "no:randomly", "--svcproof-results", "out", *options)

    return run


def outcomes(result: pytest.RunResult) -> dict[str, int]:
    """Count what pytest's closing line says, but for its warnings: modules may have been imported by other tests."""
    return {outcome: count for outcome, count in result.parseoutcomes().items() if outcome != "warnings"}


PASSES = "def test_other(): pass\n"
FAILS = "def test_other(): assert 1 + 1 == 3\n"


@pytest.mark.parametrize(
    ("check", "other", "code", "counts"),
    [
        (HOLDS, FAILS, 1, {"passed": 1, "failed": 1}),
        (HOLDS, PASSES, 0, {"passed": 2}),
        (REFUTED, PASSES, 1, {"passed": 1, "failed": 1}),
        (WEAK, PASSES, 0, {"passed": 1, "weak": 1}),
        (WEAK, FAILS, 1, {"failed": 1, "weak": 1}),
        (LEFT_OPEN, PASSES, 0, {"passed": 1, "recorded": 1}),
        (BROKEN, PASSES, 3, {"passed": 1, "errors": 1}),
        (BROKEN, FAILS, 1, {"failed": 1, "errors": 1}),
        (SILENT, PASSES, 3, {"passed": 1, "errors": 1}),
        (UNTESTABLE, PASSES, 0, {"passed": 1, "skipped": 1}),
    ],
)
@pytest.mark.timeout(120)
def test_status_of_each_verdict_and_the_worse_exit_code(
    mixed: Mixed, check: str, other: str, code: int, counts: dict[str, int]
) -> None:
    result = mixed(check, other)

    assert (int(result.ret), outcomes(result)) == (code, counts)


@pytest.mark.parametrize(
    ("other", "code", "counts"),
    [
        ("import pytest\n@pytest.mark.xfail\ndef test_it(): assert 0\n", 0, {"passed": 1, "xfailed": 1}),
        ("import pytest\n@pytest.mark.xfail(strict=True)\ndef test_it(): pass\n", 1, {"passed": 1, "failed": 1}),
        ("import pytest\n@pytest.mark.xfail\ndef test_it(): pass\n", 0, {"passed": 1, "xpassed": 1}),
        ("import pytest\n@pytest.mark.skip\ndef test_it(): pass\n", 0, {"passed": 1, "skipped": 1}),
        ("import pytest\n@pytest.fixture\ndef f(): 1 / 0\ndef test_it(f): pass\n", 1, {"passed": 1, "errors": 1}),
        (
            "import pytest\n@pytest.fixture\ndef f():\n    yield\n    1 / 0\ndef test_it(f): pass\n",
            1,
            {"passed": 2, "errors": 1},
        ),
        (
            "from unittest import TestCase\nclass TestIt(TestCase):\n    def test_it(self): self.fail()\n",
            1,
            {"passed": 1, "failed": 1},
        ),
        (
            "def test_it(subtests):\n    with subtests.test():\n        assert 0\n",
            1,
            {"passed": 1, "failed": 2},
        ),
        ("import pytest\ndef test_it(): pytest.exit('enough', returncode=7)\n", 7, {"passed": 1}),
    ],
)
@pytest.mark.timeout(120)
def test_other_tests_are_what_they_are_without_the_plugin(
    mixed: Mixed, other: str, code: int, counts: dict[str, int]
) -> None:
    result = mixed(HOLDS, other)

    assert (int(result.ret), outcomes(result)) == (code, counts)


@pytest.mark.timeout(120)
def test_a_failure_is_shown_with_its_traceback_beside_the_report_of_the_behaviours(mixed: Mixed) -> None:
    result = mixed(HOLDS, FAILS)

    result.stdout.fnmatch_lines(["*1 of 1 core behaviours could be shown here.", "*FAILURES*", "*assert (1 + 1) == 3*"])
    result.stdout.fnmatch_lines(["FAILED test_others.py::test_other*"])


@pytest.mark.timeout(120)
def test_with_x_a_failure_ends_the_run_and_is_reported(pytester: pytest.Pytester, mixed: Mixed) -> None:
    pytester.makepyfile(test_a_first=FAILS)

    result = mixed(HOLDS, PASSES, "-x")

    assert (int(result.ret), outcomes(result)) == (1, {"failed": 1})
    result.stdout.fnmatch_lines(["FAILED test_a_first.py::test_other*", "*stopping after 1 failures*"])


@pytest.mark.parametrize("dist", ["load", "loadfile", "loadscope", "loadgroup", "worksteal"])
@pytest.mark.timeout(180)
def test_workers_report_both_kinds(mixed: Mixed, dist: str) -> None:
    result = mixed(HOLDS, FAILS, "-n", "2", "--dist", dist)

    assert (int(result.ret), outcomes(result)) == (1, {"passed": 1, "failed": 1})


@pytest.mark.timeout(180)
def test_each_of_several_workers_may_make_all_tests(mixed: Mixed) -> None:
    result = mixed(HOLDS, FAILS, "--dist", "each", "--tx", "2*popen")

    assert (int(result.ret), outcomes(result)) == (1, {"passed": 2, "failed": 2})


@pytest.mark.timeout(180)
def test_a_crash_of_another_test_is_no_error_of_a_behaviour(mixed: Mixed, run_suite: RunSuite) -> None:
    result = mixed(HOLDS, "import os\ndef test_mine(): os._exit(3)\n", "-n", "2", "--max-worker-restart", "1")

    assert (int(result.ret), outcomes(result)) == (1, {"passed": 1, "failed": 1})


@pytest.mark.timeout(120)
def test_a_test_of_a_behaviours_name_is_not_taken_for_it(pytester: pytest.Pytester, mixed: Mixed) -> None:
    mixed(HOLDS, "def test_mine(): pass\n")

    assert (pytester.path / "out/run.jsonl").read_text().count('"kind": "started"') == 1


@pytest.mark.timeout(120)
def test_both_kinds_are_in_pytests_own_junit_file(pytester: pytest.Pytester, mixed: Mixed) -> None:
    mixed(WEAK + REFUTED.replace("test_mine", "test_no"), FAILS, "--junitxml", "junit.xml")

    suite = ET.parse(pytester.path / "junit.xml").getroot()[0]
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("3", "2", "0")


@pytest.mark.timeout(120)
def test_only_what_failed_is_made_again(mixed: Mixed) -> None:
    mixed(WEAK + REFUTED.replace("test_mine", "test_no"), FAILS)

    result = mixed(WEAK + REFUTED.replace("test_mine", "test_no"), FAILS, "--lf", "--svcproof-results", "again")

    assert outcomes(result) == {"failed": 2}


@pytest.mark.timeout(120)
def test_a_projects_own_hooks_have_their_say(pytester: pytest.Pytester, mixed: Mixed) -> None:
    with (pytester.path / "conftest.py").open("a") as conftest:
        conftest.write(
            "\ndef pytest_report_teststatus(report):\n"
            "    if report.when == 'call' and report.passed: return 'splendid', '!', 'SPLENDID'\n"
            "def pytest_sessionfinish(session): session.exitstatus = 42\n"
        )

    result = mixed(HOLDS, PASSES)

    assert (int(result.ret), outcomes(result)) == (42, {"splendid": 2})


@pytest.mark.timeout(120)
def test_a_failed_subtest_refutes_the_behaviour(run_suite: RunSuite) -> None:
    check = HOLDS.replace("(probe)", "(probe, subtests)").replace(
        "    assert True", "    with subtests.test():\n        assert False\n    assert True"
    )

    code, lines = run_suite(check)

    assert code == 1
    assert [line["finding"] for line in lines if line["kind"] == "fact"] == ["refuted"]


@pytest.mark.parametrize("usage", [("-k", "a and"), ("-m", "a and"), ("test_checks.py::nothing",), ("nowhere.py",)])
@pytest.mark.timeout(120)
def test_wrong_usage_makes_nothing(pytester: pytest.Pytester, mixed: Mixed, usage: tuple[str, ...]) -> None:
    result = mixed(HOLDS, PASSES, *usage)

    assert int(result.ret) == 4
    assert not (pytester.path / "out").exists()


@pytest.mark.timeout(120)
def test_a_file_that_cannot_be_collected_makes_nothing(pytester: pytest.Pytester, mixed: Mixed) -> None:
    result = mixed(HOLDS, "import nothing_of_this_name\n")

    assert (int(result.ret), outcomes(result)) == (2, {"errors": 1})
    assert not (pytester.path / "out").exists()


@pytest.mark.timeout(120)
def test_where_collection_goes_on_the_file_counts_as_failed(mixed: Mixed) -> None:
    result = mixed(HOLDS, "import nothing_of_this_name\n", "--continue-on-collection-errors")

    assert (int(result.ret), outcomes(result)) == (1, {"confirmed": 1, "errors": 1})
    result.stdout.fnmatch_lines(["ERROR test_others.py*"])


@pytest.mark.timeout(120)
def test_nothing_selected_makes_nothing(pytester: pytest.Pytester, mixed: Mixed) -> None:
    result = mixed(HOLDS, PASSES, "-k", "no_such_name")

    assert int(result.ret) == 5
    assert not (pytester.path / "out").exists()


@pytest.mark.timeout(120)
@pytest.mark.parametrize(
    "other",
    [
        "def test_it(broken): pass\n",
        "def test_it(broken_at_its_end): pass\n",
    ],
)
def test_no_traceback_of_another_test_shows_code_of_ours(mixed: Mixed, pytester: pytest.Pytester, other: str) -> None:
    pytester.makeconftest(
        "import pytest\n"
        "@pytest.fixture\ndef broken(): 1 / 0\n"
        "@pytest.fixture\ndef broken_at_its_end():\n    yield\n    1 / 0\n"
    )

    result = mixed(HOLDS, other)

    assert "ZeroDivisionError" in result.stdout.str()
    assert "recording.py" not in result.stdout.str()

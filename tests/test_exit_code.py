"""The exit codes and the page that says what leads to them."""

import re
from pathlib import Path

import pytest

from svcproof.exit_code import ExitCode

PAGE = Path(__file__).parent.parent / "docs/verdicts.md"


def test_the_page_has_each_exit_code_once() -> None:
    section = PAGE.read_text().partition("## Exit codes\n")[2].partition("\n## ")[0]

    assert sorted(map(int, re.findall(r"^\| (\d) \|", section, re.MULTILINE))) == sorted(ExitCode)


def test_pytest_has_the_same_numbers_for_what_ends_both() -> None:
    assert ExitCode.OK == pytest.ExitCode.OK
    assert ExitCode.FAILED == pytest.ExitCode.TESTS_FAILED
    assert ExitCode.INTERRUPTED == pytest.ExitCode.INTERRUPTED
    assert ExitCode.USAGE == pytest.ExitCode.USAGE_ERROR
    assert ExitCode.NOTHING_SELECTED == pytest.ExitCode.NO_TESTS_COLLECTED

"""`--fail-fast` ends a run after so many MUSTs that failed, and after nothing else."""

import pytest

from tests.plugin.conftest import RunSuite

pytestmark = pytest.mark.timeout(60)

ERROR = """
@behaviour(level=MUST, **claim)
def test_a_breaks(probe):
    \"\"\"Breaks.\"\"\"
    raise ProbeError("no answer to read")
"""
WEAK = """
@behaviour(level=SHOULD, **claim)
def test_b_is_weak(probe):
    \"\"\"Is weak.\"\"\"
    probe()
    assert not 1
"""
FAILS = """
@behaviour(level=MUST, **claim)
def test_c_fails(probe):
    \"\"\"Fails.\"\"\"
    probe()
    assert not 1
"""
HOLDS = """
@behaviour(level=MUST, **claim)
def test_d_holds(probe):
    \"\"\"Holds.\"\"\"
    probe()
    assert 1
"""
FAILS_TOO = FAILS.replace("test_c_fails", "test_e_fails_too")


@pytest.mark.parametrize(
    ("options", "made", "why"),
    [
        ([], "abcde", "completed"),
        (["--svcproof-fail-fast=1"], "abc", "stopped by --fail-fast after 1 MUST failed"),
        (["--svcproof-fail-fast"], "abc", "stopped by --fail-fast after 1 MUST failed"),
        (["--svcproof-fail-fast=2"], "abcde", "stopped by --fail-fast after 2 MUSTs failed"),
        (["--svcproof-fail-fast=3"], "abcde", "completed"),
        (["--svcproof-fail-fast=2", "--svcproof-repeat=2"], "aabbccdde", "stopped by --fail-fast after 2 MUSTs failed"),
    ],
)
def test_only_musts_that_failed_end_it_each_counted_once(
    run_suite: RunSuite, options: list[str], made: str, why: str
) -> None:
    code, lines = run_suite(ERROR + WEAK + FAILS + HOLDS + FAILS_TOO, *options)

    assert code == 1
    assert "".join(str(line["id"])[0] for line in lines if line["kind"] == "fact") == made
    assert lines[-1].get("why", "completed") == why


def test_fewer_than_one_is_refused(run_suite: RunSuite) -> None:
    code, lines = run_suite(HOLDS, "--svcproof-fail-fast=0")

    assert (code, lines) == (4, [])

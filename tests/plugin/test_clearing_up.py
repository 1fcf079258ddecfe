"""Leftovers of a run: told once at its end, all of them; they change no verdict and no exit code."""

import pytest

from tests.plugin.conftest import RunSuite

CHECKS = '''
@pytest.fixture(scope="session")
def proxy(cluster):
    yield
    raise ProvisionError("the proxy cannot be put back")

@pytest.fixture(scope="session")
def namespace(proxy):
    yield
    raise ProbeError("the namespace cannot be removed")

@behaviour(level=MUST, **claim)
def test_first(probe, namespace):
    """A thing holds."""
    probe()
    assert True
'''
GONE = '''
@behaviour(level=MUST, **claim)
def test_second(probe, pytestconfig):
    """A thing holds."""
    from svcproof.plugin.ending import ending
    with ending(pytestconfig):
        raise ProvisionError("the API server is gone")
'''


def test_leftovers_change_no_verdict_and_are_told_once(run_suite: RunSuite, capfd: pytest.CaptureFixture[str]) -> None:
    code, lines = run_suite(CHECKS)

    (fact,) = (line for line in lines if line["kind"] == "fact")
    assert (code, fact["finding"]) == (0, "confirmed")
    output = capfd.readouterr().out
    assert output.count("left behind: the proxy cannot be put back") == 1
    assert output.count("left behind: the namespace cannot be removed") == 1


def test_a_mistake_in_a_fixture_that_shows_when_it_is_torn_down_is_an_error(run_suite: RunSuite) -> None:
    code, lines = run_suite(CHECKS.replace('ProbeError("the namespace cannot be removed")', "KeyError('name')"))

    (fact,) = (line for line in lines if line["kind"] == "fact")
    assert (code, fact["finding"]) == (3, "broke")


def test_a_run_that_ends_early_keeps_what_it_found_and_tells_what_it_leaves(
    run_suite: RunSuite, capfd: pytest.CaptureFixture[str]
) -> None:
    code, lines = run_suite(CHECKS + GONE)

    assert code == 3
    assert [line["finding"] for line in lines if line["kind"] == "fact"] == ["confirmed"]
    output = capfd.readouterr().out
    assert "left behind: the proxy cannot be put back" in output
    assert "left behind: the namespace cannot be removed" in output
    assert "Traceback" not in output

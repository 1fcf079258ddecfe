"""What cannot be cleared up at the end of a run is told, all of it, and is no word against the proxy."""

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
    from harness.plugin.ending import ending
    with ending(pytestconfig):
        raise ProvisionError("the API server is gone")
'''


def test_all_that_the_last_check_leaves_is_in_its_reason(run_suite: RunSuite) -> None:
    code, lines = run_suite(CHECKS)

    (fact,) = (line for line in lines if line["kind"] == "fact")
    assert (code, fact["finding"]) == (3, "broke")
    assert "the proxy cannot be put back" in str(fact["reason"])
    assert "the namespace cannot be removed" in str(fact["reason"])


def test_a_run_that_ends_early_keeps_what_it_found_and_tells_what_it_leaves(
    run_suite: RunSuite, capfd: pytest.CaptureFixture[str]
) -> None:
    code, lines = run_suite(CHECKS + GONE)

    assert code == 3
    assert [line["finding"] for line in lines if line["kind"] == "fact"] == ["confirmed"]
    said = capfd.readouterr().out
    assert "Error: the proxy cannot be put back" in said
    assert "Error: the namespace cannot be removed" in said
    assert "Traceback" not in said

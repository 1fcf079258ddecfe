"""The gate before a check: has this cluster what it takes, and does its proxy still run?"""

import pytest

from harness.errors import ProvisionError
from harness.model.behaviour import Part
from harness.plugin.cluster import lacking, trouble
from harness.plugin.collection import BEHAVIOUR

UNTESTABLE = pytest.StashKey[str]()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a check that needs a capability the cluster will not have; the reason is kept for its fact."""
    behaviour = item.stash.get(BEHAVIOUR, None)
    if behaviour is None:
        return
    reasons = lacking(item.config)
    missing = sorted(behaviour.capabilities & reasons.keys())
    if missing:
        item.stash[UNTESTABLE] = "; ".join(f"{need}: {reasons[need]}" for need in missing)
        pytest.skip(item.stash[UNTESTABLE])
    if behaviour.by is Part.PROXY and (why := trouble(item.config)):
        raise ProvisionError(f"the proxy under test no longer runs: {why}")

"""The gate before a check: has this cluster what it takes, and does its proxy still run?"""

import pytest

from harness import providers
from harness.errors import ProvisionError
from harness.model.behaviour import Part
from harness.plugin.cluster import trouble
from harness.plugin.collection import BEHAVIOUR
from harness.plugin.options import wanted

UNTESTABLE = pytest.StashKey[str]()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a check that needs a capability the cluster will not have; the reason is kept for its fact."""
    behaviour = item.stash.get(BEHAVIOUR, None)
    if behaviour is None:
        return
    spec = wanted(item.config).cluster
    lacking = providers.find(spec.provider).capabilities(spec)
    missing = sorted(behaviour.capabilities & lacking.keys())
    if missing:
        item.stash[UNTESTABLE] = "; ".join(f"{need}: {lacking[need]}" for need in missing)
        pytest.skip(item.stash[UNTESTABLE])
    if behaviour.by is Part.PROXY and (why := trouble(item.config)):
        raise ProvisionError(f"the proxy under test no longer runs: {why}")

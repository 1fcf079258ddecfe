"""The gate before a check: has this cluster what it takes, is it well, and does its proxy still run?"""

import pytest

from svcproof.errors import ProvisionError
from svcproof.model.behaviour import Part
from svcproof.model.vocabulary import Capability
from svcproof.plugin.cluster import lacking
from svcproof.plugin.collection import BEHAVIOUR
from svcproof.plugin.health import proxy_trouble, recovered


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a check that needs a capability the cluster will not have."""
    behaviour = item.stash.get(BEHAVIOUR, None)
    if behaviour is None:
        return
    needed(item.config, *behaviour.capabilities)
    recovered(item.config)
    if behaviour.by is Part.PROXY and (why := proxy_trouble(item.config)):
        raise ProvisionError(why)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_call(item: pytest.Item) -> None:
    """Skip it too where the cluster came up with this check, and without what it needs."""
    if behaviour := item.stash.get(BEHAVIOUR, None):
        needed(item.config, *behaviour.capabilities)


def needed(config: pytest.Config, *capabilities: Capability) -> None:
    """Skip where the cluster lacks one of these, with its reason."""
    reasons = lacking(config)
    if missing := sorted(set(capabilities) & reasons.keys()):
        pytest.skip("; ".join(f"{need}: {reasons[need]}" for need in missing))

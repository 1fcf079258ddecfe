"""One run on several machines: what is left to the others."""

import pytest

from svcproof.plugin.collection import BEHAVIOUR
from svcproof.plugin.options import wanted
from svcproof.plugin.suite_digest import SELECTION


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Of what is selected, by pytest's own options too, leave out what is not in this run's part."""
    checks = [item for item in items if BEHAVIOUR in item.stash]
    config.stash[SELECTION] = tuple(checks)
    shard = wanted(config).shard if checks else None
    if shard is None:
        return
    mine = shard.part({item.stash[BEHAVIOUR].id for item in checks})
    others = [item for item in checks if item.stash[BEHAVIOUR].id not in mine]
    config.hook.pytest_deselected(items=others)
    items[:] = [item for item in items if item not in others]

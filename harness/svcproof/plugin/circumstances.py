"""The circumstances of a check that did not hold: nodes, clients outside, and what the API server had meanwhile."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from svcproof.kubernetes.api import Kube
from svcproof.kubernetes.api.history import History
from svcproof.model.circumstance import Circumstance, Place
from svcproof.plugin.cluster import CLUSTER
from svcproof.plugin.notebook import Page

HISTORY = pytest.StashKey[History]()


@contextmanager
def followed(config: pytest.Config, kube: Kube, namespace: str) -> Iterator[None]:
    """Follow what the API server has in the namespace of this process, for the time of the context."""
    history = History(kube, namespace)
    history.start()
    config.stash[HISTORY] = history
    try:
        yield
    finally:
        del config.stash[HISTORY]
        history.close()


def circumstances(config: pytest.Config, page: Page) -> tuple[Circumstance, ...]:
    """The circumstances since the page began."""
    history = config.stash.get(HISTORY, None)
    return (*_places(config), *history.since(page.began)) if history else ()


def _places(config: pytest.Config) -> Iterator[Circumstance]:
    cluster = config.stash.get(CLUSTER, None)
    if cluster is not None:
        for node in cluster.nodes:
            yield Circumstance(at=0.0, place=Place(name=node.name, addresses=node.addresses, zone=node.zone))
        for client in cluster.outside:
            yield Circumstance(at=0.0, place=Place(name=client.name, addresses=client.addresses, outside=True))

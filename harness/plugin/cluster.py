"""The cluster of this process, once it is up, for those that are not fixtures."""

import pytest

from harness.model.cluster import Cluster

CLUSTER = pytest.StashKey[Cluster]()


def versions(config: pytest.Config) -> dict[str, str]:
    """Component to version; empty where there is no cluster."""
    cluster = config.stash.get(CLUSTER, None)
    return dict(cluster.versions) if cluster is not None else {}


def trouble(config: pytest.Config) -> str:
    """Why the proxy under test no longer runs; empty while it does, or where there is no cluster yet."""
    cluster = config.stash.get(CLUSTER, None)
    return cluster.proxy_trouble() if cluster is not None else ""

"""The health of the cluster and the proxy under test: only if both are well can a check speak against the proxy."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from svcproof.agent.vantage import Vantage
from svcproof.errors import ProbeError, SvcproofError
from svcproof.limits import Provision, carried
from svcproof.plugin.cluster import CLUSTER
from svcproof.plugin.ending import without_cluster
from svcproof.wait import provisioned

AGENTS = pytest.StashKey[Sequence[Vantage]]()
"""Of the sample pods, which run all the time."""
UNWELL = pytest.StashKey[str]()
"""The trouble of the cluster at the end of the last check."""


def cluster_trouble(config: pytest.Config) -> str:
    """The trouble of the cluster, its proxy apart; empty if there is none, or no cluster is up yet."""
    cluster = config.stash.get(CLUSTER, None)
    if cluster is None:
        return ""
    return cluster.trouble() or _silent(config.stash.get(AGENTS, ()))


def proxy_trouble(config: pytest.Config, since: float | None = None) -> str:
    """The reason why the proxy does not run, or did not all the time since; empty if no cluster is up yet."""
    cluster = config.stash.get(CLUSTER, None)
    try:
        why = cluster.proxy_trouble(since) if cluster is not None else ""
    except SvcproofError as error:
        return f"it cannot be told whether the proxy under test runs: {error}"
    return why and f"the proxy under test does not run as it must: {why}"


def recovered(config: pytest.Config) -> None:
    """Before a check: wait for a cluster that was not well to become so again; ends the run where it does not."""
    if was := config.stash.get(UNWELL, ""):
        with without_cluster(config):
            what = f"the cluster to be well again: {was}"
            provisioned(what, lambda: cluster_trouble(config), _well, Provision.CLUSTER_RECOVERED, every=1.0)
        config.stash[UNWELL] = ""


def _well(trouble: str) -> bool:
    """The API server answers, the nodes are Ready, and so are the sample pods."""
    return not trouble


def _silent(agents: Sequence[Vantage]) -> str:
    """The sample pod that cannot be asked, such as that of a node that has just gone."""
    with ThreadPoolExecutor(max(1, len(agents))) as pool:
        return next(filter(None, pool.map(carried(_unheard), agents)), "")


def _unheard(agent: Vantage) -> str:
    try:
        agent.ask("/serve", {})
    except ProbeError as error:
        return f"the pod {agent.name} does not answer: {error}"
    return ""

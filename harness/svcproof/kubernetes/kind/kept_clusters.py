"""The kind clusters that svcproof has made: a list of them, and the removal of one."""

from collections.abc import Iterator
from dataclasses import dataclass

from svcproof import ledger
from svcproof.errors import UsageError, near
from svcproof.kubernetes.kind import cleanup, cluster_lifecycle
from svcproof.kubernetes.kind.tools import Tools
from svcproof.ledger import scratch
from svcproof.model.cluster import Progress


@dataclass(frozen=True, slots=True)
class ListedCluster:
    """A cluster that svcproof has made; `use` is what it is there for, in words."""

    name: str
    nodes: int
    use: str


def clusters(tools: Tools) -> Iterator[ListedCluster]:
    """Yield the clusters that svcproof has made."""
    abandoned = {run.cluster for run in cleanup.find_killed_runs() if isinstance(run, cleanup.KilledKindRun)}
    for name in tools.kind.clusters():
        if not name.startswith(cleanup.PREFIX):
            continue
        if ledger.is_locked(name):
            use = "in use"
        elif name in abandoned:
            use = "left by a run that was killed, see svcproof clean"
        elif tools.declaration(name):
            use = "kept"
        else:
            continue
        yield ListedCluster(name, len(tools.nodes(name)), use)


def remove_cluster(tools: Tools, word: str, progress: Progress) -> str:
    """Remove a cluster, by its name or its declaration's, and return its name.

    Raises UsageError where there is none, ProvisionError where it is in use, or not made by svcproof.
    """
    name = word if word.startswith(cleanup.PREFIX) else cluster_lifecycle.kept_cluster_name(word)
    if name not in tools.kind.clusters():
        known = [cluster.name for cluster in clusters(tools)]
        raise UsageError(f"there is no cluster {name}{near(name, known)}; svcproof kind list shows those there are")
    with ledger.locked(name, f"the cluster {name}", cluster_lifecycle.SERIAL), scratch.scratch() as directory:
        killed = cleanup.killed_runs_of(name)
        if not killed:  # The first thing a run notes is that it makes the cluster.
            cluster_lifecycle.declaration_digest(tools, name)
        progress(f"removing the cluster {name}")
        cleanup.delete_cluster(tools, name, directory)
        for run in killed:
            cleanup.clean_up(tools, run.entry, progress)
    return name

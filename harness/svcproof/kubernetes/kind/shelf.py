"""The clusters of svcproof that there are, whoever uses them."""

from collections.abc import Iterator
from dataclasses import dataclass

from svcproof import ledger
from svcproof.errors import UsageError, near
from svcproof.kubernetes.kind import house, remains
from svcproof.kubernetes.kind.tools import Tools
from svcproof.ledger import scratch
from svcproof.model.cluster import Progress


@dataclass(frozen=True, slots=True)
class Shelved:
    """A cluster that svcproof has made; `use` is what it is there for, in words."""

    name: str
    nodes: int
    use: str


def clusters(tools: Tools) -> Iterator[Shelved]:
    """Yield the clusters that svcproof has made."""
    abandoned = {found.cluster for found in remains.find() if isinstance(found, remains.Remains)}
    for name in tools.kind.clusters():
        if not name.startswith(remains.PREFIX):
            continue
        if ledger.is_locked(name):
            use = "in use"
        elif name in abandoned:
            use = "left by a run that was killed, see svcproof clean"
        elif tools.declaration(name):
            use = "kept"
        else:
            continue
        yield Shelved(name, len(tools.nodes(name)), use)


def remove(tools: Tools, said: str, progress: Progress) -> str:
    """Remove a cluster, by its name or its declaration's, and return its name.

    Raises UsageError where there is none, ProvisionError where it is in use, or not made by svcproof.
    """
    there = tools.kind.clusters()
    name = said if said.startswith(remains.PREFIX) else house.kept_name(said)
    if name not in there:
        known = [one.name for one in clusters(tools)]
        raise UsageError(f"there is no cluster {name}{near(name, known)}; svcproof kind list shows those there are")
    with ledger.locked(name, f"the cluster {name}", house.SERIAL), scratch.scratch() as directory:
        killed = remains.of_killed_runs(name)
        if not killed:  # The first thing a run notes is that it makes the cluster.
            house.declaration(tools, name)
        progress(f"removing the cluster {name}")
        remains.demolish(tools, name, directory)
        for one in killed:
            remains.clear(tools, one.entry, progress)
    return name

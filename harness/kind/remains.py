"""What a run has made, taken away: at its end, or, where it was killed, afterwards."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from harness import ledger
from harness.install import metallb, namespace
from harness.install.pods import LABEL
from harness.install.proxy import put_back
from harness.install.undoing import Step, undo
from harness.kind import pools, tools
from harness.kind.tools import Tools
from harness.kube import Kube
from harness.ledger import Entry
from harness.model.cluster import Progress


@dataclass(frozen=True, slots=True)
class Remains:
    """What a killed run has left: a cluster, or, where that is kept, things in it. None: it had made nothing yet."""

    entry: Entry
    cluster: str
    kept: bool

    def __str__(self) -> str:
        if not self.cluster:
            return f"the note of a run that had not begun to make a cluster, {self.entry.directory}"
        if self.kept:
            return f"what run {self.entry.token} has left in the cluster {self.cluster}, which is kept"
        return f"the cluster {self.cluster} and its clients outside"

    def remove(self) -> None:
        """Take it away; raises ProvisionError where that fails, or the cluster is in use by another run."""
        name = self.cluster or self.entry.token
        with ledger.locked(name, f"the cluster {name}", "wait for that run to end"):
            clear(tools.find(), self.entry, lambda _: None)
        ledger.sweep()


def find() -> tuple[Remains, ...]:
    """Find what killed runs of this user have left."""
    found = [(entry, entry.facts) for entry in ledger.abandoned("kind")]
    return tuple(Remains(entry, facts.get("cluster", ""), facts.get("kept", False)) for entry, facts in found)


def of_killed_runs(cluster: str) -> tuple[Remains, ...]:
    """What killed runs have left in a cluster."""
    return tuple(one for one in find() if one.cluster == cluster)


def clear(here: Tools, entry: Entry, progress: Progress) -> None:
    """Take away what a run has made, but for a cluster that is kept, and forget the run.

    Raises ProvisionError where something could not be removed; the run is remembered then.
    """
    facts = entry.facts
    here.engine.remove(*here.engine.containers(f"{LABEL}={entry.token}"))
    if cluster := facts.get("cluster"):
        if not facts.get("kept"):
            demolish(here, cluster, entry.directory)
        elif cluster in here.kind.clusters():
            _tidy(here, cluster, entry, progress)
    ledger.end(entry)


def demolish(here: Tools, cluster: str, directory: Path) -> None:
    """Remove a cluster, and give back what it had of others; `directory` is for kind to write in."""
    here.delete(cluster, directory)
    pools.forget(cluster)


def _tidy(here: Tools, cluster: str, entry: Entry, progress: Progress) -> None:
    kubeconfig = here.kubeconfig(cluster, entry.directory)
    with closing(Kube(kubeconfig)) as kube:
        undo(_steps(kube, kubeconfig, entry, progress), lambda _: None)


def _steps(kube: Kube, kubeconfig: Path, entry: Entry, progress: Progress) -> Iterator[Step]:
    yield "putting the proxy back", lambda: put_back(kube, kubeconfig, progress, token=entry.token)
    yield "removing the namespaces of this run", lambda: namespace.remove(kube, entry.token)
    if entry.facts.get("metallb") == "begun":
        yield "removing a MetalLB that is not whole", lambda: metallb.remove(kube, entry.token)

"""What a run has made, taken away: at its end, or, where it was killed, afterwards."""

import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from svcproof import ledger
from svcproof.errors import ProvisionError
from svcproof.kubernetes import metallb
from svcproof.kubernetes.api import Kube
from svcproof.kubernetes.cluster import run_record
from svcproof.kubernetes.kind import pools, tools
from svcproof.kubernetes.kind.run_facts import Facts
from svcproof.kubernetes.kind.tools import Tools
from svcproof.kubernetes.objects.labels import LABEL
from svcproof.kubernetes.objects.undo_steps import Step, undo_all
from svcproof.kubernetes.sample import namespace
from svcproof.kubernetes.swap import undo_killed_run
from svcproof.ledger import Entry, LeftAlone
from svcproof.model.cluster import Progress

PREFIX = "svcproof-"
"""Of the names of clusters that svcproof makes."""


@dataclass(frozen=True, slots=True)
class Remains:
    """What a killed run has left: a cluster, or, where that is kept, things in it. None: it had made nothing yet."""

    entry: Entry
    cluster: str
    kept: bool
    oddity: str = ""
    """Why its record cannot be read, in which case all that carries the run's token is removed."""

    def __str__(self) -> str:
        if not self.cluster:
            why = f" ({self.oddity})" if self.oddity else ""
            return f"the note of a run that had not begun to make a cluster, {self.entry.directory}{why}"
        if self.kept:
            return f"what run {self.entry.token} has left in the cluster {self.cluster}, which is kept"
        return f"the cluster {self.cluster} and its clients outside"

    def remove(self) -> None:
        """Take it away; raises ProvisionError where that fails, or the cluster is in use by another run."""
        name = self.cluster or self.entry.token
        with ledger.locked(name, f"the cluster {name}", "wait for that run to end"):
            clear(tools.find(), self.entry, lambda _: None)
        ledger.sweep()


def find() -> tuple[Remains | LeftAlone, ...]:
    """Find what killed runs of this user have left, and what cannot be judged.

    Raises ProvisionError where others could have written the ledger.
    """
    return tuple(_found(entry) for entry in ledger.abandoned("kind"))


def of_killed_runs(cluster: str) -> tuple[Remains, ...]:
    """What killed runs have left in a cluster."""
    return tuple(found for found in find() if isinstance(found, Remains) and found.cluster == cluster)


def _found(entry: Entry | LeftAlone) -> Remains | LeftAlone:
    if isinstance(entry, LeftAlone):
        return entry
    facts, oddity = run_record.read(entry, Facts)
    return Remains(entry, facts.cluster, facts.kept, oddity)


def clear(here: Tools, entry: Entry, progress: Progress) -> None:
    """Take away what a run has made, but for a cluster that is kept, and forget the run.

    Raises ProvisionError where something could not be removed; the run is remembered then.
    """
    facts, _ = run_record.read(entry, Facts)
    here.engine.remove(*here.engine.containers(f"{LABEL}={entry.token}"))
    for cluster in (facts.cluster,) if facts.cluster else _named_after(here, entry):
        if not facts.kept:
            _check_maker(here, cluster, entry)
            demolish(here, cluster, entry.directory)
        elif cluster in here.kind.clusters():
            _tidy(here, cluster, entry, progress)
    ledger.end(entry)


def _named_after(here: Tools, entry: Entry) -> tuple[str, ...]:
    """The clusters that have a run's token in their names, which no other run has given them."""
    ours = re.compile(rf"{PREFIX}.*-{entry.token}")
    return tuple(name for name in here.kind.clusters() if ours.fullmatch(name))


def _check_maker(here: Tools, cluster: str, entry: Entry) -> None:
    """See that no other run has made a cluster of this name since; another user's has the same, on the same engine.

    Raises ProvisionError where one has. A cluster that is only half made does not say.
    """
    maker = here.maker(cluster)
    if maker not in {"", entry.token}:
        raise ProvisionError(
            f"the cluster {cluster} has been made by another run, {maker}, and is left alone; if run {entry.token} has "
            f"left nothing else, remove its note: {entry.directory}"
        )


def demolish(here: Tools, cluster: str, directory: Path) -> None:
    """Remove a cluster, and give back what it had of others; `directory` is for kind to write in."""
    here.delete(cluster, directory)
    pools.forget(cluster)


def _tidy(here: Tools, cluster: str, entry: Entry, progress: Progress) -> None:
    kubeconfig = here.kubeconfig(cluster, entry.directory)
    with closing(Kube(kubeconfig)) as kube:
        undo_all(_steps(kube, kubeconfig, entry, progress), lambda _: None)


def _steps(kube: Kube, kubeconfig: Path, entry: Entry, progress: Progress) -> Iterator[Step]:
    yield "putting the proxy back", lambda: undo_killed_run(kube, kubeconfig, progress, token=entry.token)
    yield "removing the namespaces of this run", lambda: namespace.remove(kube, entry.token)
    if run_record.read(entry, Facts)[0].metallb == "begun":
        yield "removing a MetalLB that is not whole", lambda: metallb.remove(kube, entry.token)

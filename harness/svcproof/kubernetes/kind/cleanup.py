"""Cleanup of what a run has made on kind: at its end or, after a kill, later."""

import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from svcproof import ledger
from svcproof.errors import ProvisionError
from svcproof.kubernetes import metallb
from svcproof.kubernetes.api import Kube
from svcproof.kubernetes.cluster.cleanup import read_facts
from svcproof.kubernetes.kind import load_balancer
from svcproof.kubernetes.kind.tools import Tools
from svcproof.kubernetes.kind.tools import find as find_tools
from svcproof.kubernetes.objects.apply import Step, undo_all
from svcproof.kubernetes.objects.cluster_access import LABEL
from svcproof.kubernetes.sample import namespace
from svcproof.kubernetes.swap import undo_killed_run
from svcproof.ledger import Entry, LeftAlone
from svcproof.model.cluster import Progress

CLUSTER = r"^(svcproof-[a-z0-9-]+)?$"
"""The names of clusters that svcproof makes; a record that names another is not believed."""


class KindRunFacts(BaseModel, strict=True, frozen=True):
    """The facts of one run; the cluster is empty until one has begun to be made."""

    cluster: Annotated[str, Field(pattern=CLUSTER, max_length=63)] = ""
    kept: bool = False
    metallb: Literal["", "begun", "done"] = ""


PREFIX = "svcproof-"
"""Of the names of clusters that svcproof makes."""


@dataclass(frozen=True, slots=True)
class KilledKindRun:
    """A killed run, which has left a cluster or, in a kept one, objects; without a cluster it had made nothing yet."""

    entry: Entry
    cluster: str
    kept: bool
    oddity: str = ""
    """The reason why its record cannot be read, in which case all that carries the run's token is removed."""

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
            clean_up(find_tools(), self.entry, lambda _: None)
        ledger.sweep()


def find_killed_runs() -> tuple[KilledKindRun | LeftAlone, ...]:
    """Find what killed runs of this user have left, and what cannot be judged.

    Raises ProvisionError where others could have written the ledger.
    """
    return ledger.killed_runs("kind", _killed_run)


def killed_runs_of(cluster: str) -> tuple[KilledKindRun, ...]:
    """The killed runs that have left something in a cluster."""
    return tuple(run for run in find_killed_runs() if isinstance(run, KilledKindRun) and run.cluster == cluster)


def _killed_run(entry: Entry) -> KilledKindRun:
    facts, oddity = read_facts(entry, KindRunFacts)
    return KilledKindRun(entry, facts.cluster, facts.kept, oddity)


def clean_up(tools: Tools, entry: Entry, progress: Progress) -> None:
    """Take away what a run has made, but for a cluster that is kept, and forget the run.

    Raises ProvisionError where something could not be removed; the run is remembered then.
    """
    facts, _ = read_facts(entry, KindRunFacts)
    tools.engine.remove(*tools.engine.containers(f"{LABEL}={entry.token}"))
    for cluster in (facts.cluster,) if facts.cluster else _named_after(tools, entry):
        if not facts.kept:
            _check_maker(tools, cluster, entry)
            delete_cluster(tools, cluster, entry.directory)
        elif cluster in tools.kind.clusters():
            _clean_kept_cluster(tools, cluster, entry, progress)
    ledger.end(entry)


def _named_after(tools: Tools, entry: Entry) -> tuple[str, ...]:
    """The clusters that have a run's token in their names, which no other run has given them."""
    ours = re.compile(rf"{PREFIX}.*-{entry.token}")
    return tuple(name for name in tools.kind.clusters() if ours.fullmatch(name))


def _check_maker(tools: Tools, cluster: str, entry: Entry) -> None:
    """See that no other run has made a cluster of this name since; another user's has the same, on the same engine.

    Raises ProvisionError where one has. A cluster that is only half made does not say.
    """
    maker = tools.maker(cluster)
    if maker not in {"", entry.token}:
        raise ProvisionError(
            f"the cluster {cluster} has been made by another run, {maker}, and is left alone; if run {entry.token} has "
            f"left nothing else, remove its note: {entry.directory}"
        )


def delete_cluster(tools: Tools, cluster: str, directory: Path) -> None:
    """Remove a cluster, and give back what it had of others; `directory` is for kind to write in."""
    tools.delete(cluster, directory)
    load_balancer.release_pool(cluster)


def _clean_kept_cluster(tools: Tools, cluster: str, entry: Entry, progress: Progress) -> None:
    kubeconfig = tools.kubeconfig(cluster, entry.directory)
    with closing(Kube(kubeconfig)) as kube:
        undo_all(_steps(kube, kubeconfig, entry, progress), lambda _: None)


def _steps(kube: Kube, kubeconfig: Path, entry: Entry, progress: Progress) -> Iterator[Step]:
    yield "putting the proxy back", lambda: undo_killed_run(kube, kubeconfig, progress, token=entry.token)
    yield "removing the namespaces of this run", lambda: namespace.remove(kube, entry.token)
    if read_facts(entry, KindRunFacts)[0].metallb == "begun":
        yield "removing a MetalLB that is not whole", lambda: metallb.remove(kube, entry.token)

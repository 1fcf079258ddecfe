"""Cleanup of what a run has made in a cluster that exists: at its end or, after a kill, later."""

from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from svcproof import ledger
from svcproof.errors import ProvisionError, SvcproofError, UsageError
from svcproof.kubernetes import metallb
from svcproof.kubernetes.api import Kube
from svcproof.kubernetes.cluster.permissions import Right, may
from svcproof.kubernetes.cluster.preflight import refusals_explained
from svcproof.kubernetes.cluster.rbac import BEFOREHAND
from svcproof.kubernetes.objects.apply import Step, undo_all
from svcproof.kubernetes.objects.cluster_access import LABEL, METALLB
from svcproof.kubernetes.sample import namespace
from svcproof.kubernetes.swap import changing_run, undo_killed_run
from svcproof.ledger import Entry, LeftAlone
from svcproof.model.cluster import Progress
from svcproof.printable import clipped


class RunFacts(BaseModel, frozen=True):
    """The facts of a run on a cluster that exists; the server is empty until something has begun to be made."""

    server: str = ""
    namespaces: tuple[str, ...] = ()
    metallb: bool = False
    proxy: bool = False
    agent: dict[str, Any] | None = None


Noted = TypeVar("Noted", bound=BaseModel)


def read_facts(entry: Entry, kind: type[Noted]) -> tuple[Noted, str]:
    """Return the facts, and why they cannot be read, in which case nothing is known; empty where they can."""
    if oddity := entry.oddity:
        return kind(), oddity
    try:
        return kind.model_validate(dict(entry.facts)), ""
    except ValidationError as error:
        problem = error.errors()[0]
        return kind(), f"its record has an odd {'.'.join(map(str, problem['loc']))}: {problem['msg']}"


COPY = "kubeconfig"
"""The name of the run's kubeconfig in its directory of the ledger."""

OF_METALLB = Right("list", "validatingwebhookconfigurations.admissionregistration.k8s.io")


@dataclass(frozen=True, slots=True)
class Traces:
    """The traces of a run: objects in namespaces made beforehand, or its `own`; MetalLB; changes of the proxy."""

    token: str
    beforehand: tuple[str, ...]
    own: bool
    metallb: bool
    proxy: bool


@dataclass(frozen=True, slots=True)
class KilledRun:
    """A killed run of this machine; without a server, it had not made anything yet."""

    entry: Entry
    server: str
    oddity: str = ""
    """The reason why its record cannot be read, in which case all that carries the run's token is removed."""

    def __str__(self) -> str:
        if not self.server:
            why = f" ({self.oddity})" if self.oddity else ""
            return f"the note of a run that had not begun to make anything, {self.entry.directory}{why}"
        return f"what run {self.entry.token} has left in the cluster at {self.server}"

    def remove(self) -> None:
        """Take it away; raises SvcproofError where the cluster cannot be asked any more, or refuses."""
        clean_up(self.entry, lambda _: None)


@dataclass(frozen=True, slots=True)
class RunElsewhere:
    """A run that has left something in a cluster, begun on whichever machine."""

    kubeconfig: Path
    token: str

    def __str__(self) -> str:
        return f"what run {self.token} has left in the cluster"

    def remove(self) -> None:
        """Take it away; raises SvcproofError where that fails."""
        with closing(Kube(self.kubeconfig)) as kube:
            namespaces = kube.list("Namespace", labels=f"{BEFOREHAND}=true")
            beforehand = tuple(item["metadata"]["name"] for item in namespaces)
            # Who may not list its webhooks has not installed it.
            traces = Traces(self.token, beforehand, own=True, metallb=may(kube, OF_METALLB), proxy=True)
            undo_all(_steps(kube, self.kubeconfig, traces, lambda _: None), lambda _: None)


def find_killed_runs() -> tuple[KilledRun | LeftAlone, ...]:
    """Find what killed runs of this user have left, and what cannot be judged.

    Raises ProvisionError where others could have written the ledger.
    """
    return ledger.killed_runs("kubeconfig", _killed_run)


def _killed_run(entry: Entry) -> KilledRun:
    facts, oddity = read_facts(entry, RunFacts)
    return KilledRun(entry, facts.server, oddity)


def find_runs_in(kubeconfig: Path) -> tuple[RunElsewhere, ...]:
    """Find what runs have in a cluster, but for those that are alive on this machine."""
    with closing(Kube(kubeconfig)) as kube, refusals_explained(kube.server):
        tokens = set(_tokens(kube)) - ledger.alive()
    return tuple(RunElsewhere(kubeconfig, token) for token in sorted(tokens))


def clean_up(entry: Entry, progress: Progress) -> None:
    """Take away what a run has made, put back what was there, and forget the run.

    Raises SvcproofError where that fails; the run is remembered then.
    """
    (facts, oddity), kubeconfig = read_facts(entry, RunFacts), entry.directory / COPY
    if agent := ledger.parsed(facts.agent):
        ledger.kill(agent)
    try:
        if oddity and kubeconfig.is_file():
            RunElsewhere(kubeconfig, entry.token).remove()
        elif facts.server:
            traces = Traces(entry.token, facts.namespaces, not facts.namespaces, facts.metallb, facts.proxy)
            progress("removing what this run has made")
            with closing(Kube(kubeconfig)) as kube:
                undo_all(_steps(kube, kubeconfig, traces, progress), lambda _: None)
    except UsageError as error:  # A power cut may have left an empty copy.
        raise ProvisionError(
            f"its copy of the kubeconfig cannot be used ({clipped(str(error))}): remove what it has left with svcproof "
            f"clean --kubeconfig FILE, and then its note, {entry.directory}"
        ) from error
    ledger.end(entry)


@contextmanager
def cleaning_up_after(entry: Entry, progress: Progress) -> Iterator[None]:
    """Clear up after a run, however it ends; where both go wrong, both are told."""
    try:
        yield
    except SvcproofError as error:
        try:
            clean_up(entry, progress)
        except SvcproofError as second:
            raise ProvisionError(f"{error}\n{second}") from error
        raise
    except BaseException:
        clean_up(entry, progress)
        raise
    clean_up(entry, progress)


def _steps(kube: Kube, kubeconfig: Path, traces: Traces, progress: Progress) -> Iterator[Step]:
    step = "removing what this run has in namespaces made beforehand"
    yield step, lambda: release(kube, traces.token, traces.beforehand)
    if traces.own:
        yield "removing the namespaces of this run", lambda: namespace.remove(kube, traces.token)
    if traces.metallb:
        yield "removing MetalLB, where this run installed it", lambda: metallb.remove(kube, traces.token)
    if traces.proxy:
        yield "putting the proxy back", lambda: undo_killed_run(kube, kubeconfig, progress, token=traces.token)


def release(kube: Kube, token: str, beforehand: Iterable[str]) -> None:
    """Remove what a run has in namespaces made beforehand; returns once it is gone."""
    for name in beforehand:
        if namespace.holder(kube, name) == token:
            namespace.release(kube, name, token)


def _tokens(kube: Kube) -> Iterator[str]:
    for item in kube.list("Namespace", labels=LABEL):
        labels = item["metadata"]["labels"]
        if labels.get(METALLB) != metallb.OF_CLUSTER:
            yield labels[LABEL]
    for item in kube.list("Namespace", labels=f"{BEFOREHAND}=true"):
        if token := namespace.holder(kube, item["metadata"]["name"]):
            yield token
    if token := changing_run(kube):
        yield token

"""What a run has made in a cluster that exists, taken away: at its end, or, where it was killed, afterwards."""

from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from svcproof import ledger
from svcproof.errors import ProvisionError, SvcproofError, UsageError
from svcproof.kubernetes import metallb
from svcproof.kubernetes.api import Kube
from svcproof.kubernetes.cluster import run_record
from svcproof.kubernetes.cluster.preflight import BEFOREHAND
from svcproof.kubernetes.cluster.rights import Right, may
from svcproof.kubernetes.cluster.run_record import Facts
from svcproof.kubernetes.cluster.unreachable import with_remedy
from svcproof.kubernetes.objects.labels import LABEL, METALLB
from svcproof.kubernetes.objects.undo_steps import Step, undo_all
from svcproof.kubernetes.sample import namespace
from svcproof.kubernetes.swap import changing_run, undo_killed_run
from svcproof.ledger import Entry, LeftAlone
from svcproof.model.cluster import Progress
from svcproof.printable import clipped

COPY = "kubeconfig"
"""The name of the run's kubeconfig in its directory of the ledger."""

OF_METALLB = Right("list", "validatingwebhookconfigurations.admissionregistration.k8s.io")


@dataclass(frozen=True, slots=True)
class Made:
    """What a run may have made: things in namespaces made beforehand, or its `own`; MetalLB; changes of the proxy."""

    token: str
    beforehand: tuple[str, ...]
    own: bool
    metallb: bool
    proxy: bool


@dataclass(frozen=True, slots=True)
class Remains:
    """What a killed run of this machine has left; without a server, it had not made anything yet."""

    entry: Entry
    server: str
    oddity: str = ""
    """Why its record cannot be read, in which case all that carries the run's token is removed."""

    def __str__(self) -> str:
        if not self.server:
            why = f" ({self.oddity})" if self.oddity else ""
            return f"the note of a run that had not begun to make anything, {self.entry.directory}{why}"
        return f"what run {self.entry.token} has left in the cluster at {self.server}"

    def remove(self) -> None:
        """Take it away; raises SvcproofError where the cluster cannot be asked any more, or refuses."""
        clear(self.entry, lambda _: None)


@dataclass(frozen=True, slots=True)
class Foreign:
    """What a run, begun on whichever machine, has in a cluster."""

    kubeconfig: Path
    token: str

    def __str__(self) -> str:
        return f"what run {self.token} has left in the cluster"

    def remove(self) -> None:
        """Take it away; raises SvcproofError where that fails."""
        with closing(Kube(self.kubeconfig)) as kube:
            beforehand = tuple(one["metadata"]["name"] for one in kube.list("Namespace", labels=f"{BEFOREHAND}=true"))
            # Who may not list its webhooks has not installed it.
            made = Made(self.token, beforehand, own=True, metallb=may(kube, OF_METALLB), proxy=True)
            undo_all(_steps(kube, self.kubeconfig, made, lambda _: None), lambda _: None)


def find() -> tuple[Remains | LeftAlone, ...]:
    """Find what killed runs of this user have left, and what cannot be judged.

    Raises ProvisionError where others could have written the ledger.
    """
    return tuple(map(_found, ledger.abandoned("kubeconfig")))


def _found(entry: Entry | LeftAlone) -> Remains | LeftAlone:
    if isinstance(entry, LeftAlone):
        return entry
    facts, oddity = run_record.read(entry, Facts)
    return Remains(entry, facts.server, oddity)


def find_in(kubeconfig: Path) -> tuple[Foreign, ...]:
    """Find what runs have in a cluster, but for those that are alive on this machine."""
    with closing(Kube(kubeconfig)) as kube, with_remedy(kube.server):
        tokens = set(_tokens(kube)) - ledger.alive()
    return tuple(Foreign(kubeconfig, token) for token in sorted(tokens))


def clear(entry: Entry, progress: Progress) -> None:
    """Take away what a run has made, put back what was there, and forget the run.

    Raises SvcproofError where that fails; the run is remembered then.
    """
    (facts, oddity), kubeconfig = run_record.read(entry, Facts), entry.directory / COPY
    if agent := ledger.parsed(facts.agent):
        ledger.kill(agent)
    try:
        if oddity and kubeconfig.is_file():
            Foreign(kubeconfig, entry.token).remove()
        elif facts.server:
            made = Made(entry.token, facts.namespaces, not facts.namespaces, facts.metallb, facts.proxy)
            progress("removing what this run has made")
            with closing(Kube(kubeconfig)) as kube:
                undo_all(_steps(kube, kubeconfig, made, progress), lambda _: None)
    except UsageError as error:  # A power cut may have left an empty copy.
        raise ProvisionError(
            f"its copy of the kubeconfig cannot be used ({clipped(str(error))}): remove what it has left with svcproof "
            f"clean --kubeconfig FILE, and then its note, {entry.directory}"
        ) from error
    ledger.end(entry)


@contextmanager
def cleared_after(entry: Entry, progress: Progress) -> Iterator[None]:
    """Clear up after a run, however it ends; where both go wrong, both are told."""
    try:
        yield
    except SvcproofError as error:
        try:
            clear(entry, progress)
        except SvcproofError as left:
            raise ProvisionError(f"{error}\n{left}") from error
        raise
    except BaseException:
        clear(entry, progress)
        raise
    clear(entry, progress)


def _steps(kube: Kube, kubeconfig: Path, made: Made, progress: Progress) -> Iterator[Step]:
    yield "removing what this run has in namespaces made beforehand", lambda: release(kube, made.token, made.beforehand)
    if made.own:
        yield "removing the namespaces of this run", lambda: namespace.remove(kube, made.token)
    if made.metallb:
        yield "removing MetalLB, where this run installed it", lambda: metallb.remove(kube, made.token)
    if made.proxy:
        yield "putting the proxy back", lambda: undo_killed_run(kube, kubeconfig, progress, token=made.token)


def release(kube: Kube, token: str, beforehand: Iterable[str]) -> None:
    """Remove what a run has in namespaces made beforehand; returns once it is gone."""
    for name in beforehand:
        if namespace.holder(kube, name) == token:
            namespace.release(kube, name, token)


def _tokens(kube: Kube) -> Iterator[str]:
    for one in kube.list("Namespace", labels=LABEL):
        labels = one["metadata"]["labels"]
        if labels.get(METALLB) != metallb.OF_CLUSTER:
            yield labels[LABEL]
    for one in kube.list("Namespace", labels=f"{BEFOREHAND}=true"):
        if token := namespace.holder(kube, one["metadata"]["name"]):
            yield token
    if token := changing_run(kube):
        yield token

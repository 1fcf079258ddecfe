"""The life of a kind cluster: made for a run and removed after it, or kept, taken up, listed and removed."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from svcproof import ledger
from svcproof.errors import ProvisionError, UsageError, near
from svcproof.kubernetes.kind import cleanup, configuration, node_image, node_logs
from svcproof.kubernetes.kind.cleanup import KilledKindRun
from svcproof.kubernetes.kind.command_errors import NOT_BOOTED
from svcproof.kubernetes.kind.tools import MadeCluster, Tools
from svcproof.ledger import Entry, scratch
from svcproof.model.cluster import Progress
from svcproof.model.cluster_spec import ClusterSpec

NAMES = re.compile(r"[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?")
"""Of declarations: with what we and kind add, the name of a node is one of a host, of at most 63 characters."""
SERIAL = "runs on one cluster go one after another, since each may change its proxy; wait for that one to end"


@contextmanager
def made_cluster(tools: Tools, spec: ClusterSpec, mode: str, progress: Progress) -> Iterator[MadeCluster]:
    """Make a cluster, or take up the one that is kept; remove what is not kept, and what the run has left in it.

    A cluster that is kept is used whenever it is there. Raises ProvisionError where no cluster can be made, or the
    kept one is of another declaration, or in use; UsageError where the declaration's name cannot be a cluster's.
    """
    if not NAMES.fullmatch(spec.name):
        raise UsageError(
            f"no cluster of kind can be called after {spec.name}.yaml: rename the file, to at most 32 lower-case "
            "letters, digits and dashes"
        )
    with _ledger_entry() as entry:
        name = kept_cluster_name(spec.name)
        if not spec.keep and name not in tools.kind.clusters():
            name = f"{name}-{entry.token}"
        with ledger.locked(name, f"the cluster {name}", SERIAL), _removing_after(tools, entry, progress):
            _clean_up_after(tools, [run for run in cleanup.killed_runs_of(name) if not run.kept], progress)
            if name in tools.kind.clusters():
                yield _take_up(tools, spec, name, entry, progress)
            else:
                cluster = _make(tools, spec, name, mode, entry, progress)
                entry.note(kept=spec.keep)
                yield cluster


def kept_cluster_name(declaration: str) -> str:
    """The name of the kept cluster of a declaration."""
    return cleanup.PREFIX + declaration


def declaration_digest(tools: Tools, name: str) -> str:
    """The digest of the declaration a cluster was made from; raises ProvisionError where svcproof has not made it."""
    digest = tools.declaration(name)
    if not digest:
        raise ProvisionError(
            f"there is a kind cluster {name} that svcproof has not made: its nodes are without the label "
            f"{configuration.LABEL}. It is left alone; remove it with kind delete cluster --name {name}, or rename the "
            "declaration, whose file name the cluster is called after"
        )
    return digest


@dataclass(frozen=True, slots=True)
class ListedCluster:
    """A cluster that svcproof has made; `use` is what it is there for, in words."""

    name: str
    nodes: int
    use: str


def clusters(tools: Tools) -> Iterator[ListedCluster]:
    """Yield the clusters that svcproof has made."""
    abandoned = {run.cluster for run in cleanup.find_killed_runs() if isinstance(run, KilledKindRun)}
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
    name = word if word.startswith(cleanup.PREFIX) else kept_cluster_name(word)
    if name not in tools.kind.clusters():
        known = [cluster.name for cluster in clusters(tools)]
        raise UsageError(f"there is no cluster {name}{near(name, known)}; svcproof kind list shows those there are")
    with ledger.locked(name, f"the cluster {name}", SERIAL), scratch.scratch() as directory:
        killed = cleanup.killed_runs_of(name)
        if not killed:  # The first thing a run notes is that it makes the cluster.
            declaration_digest(tools, name)
        progress(f"removing the cluster {name}")
        cleanup.delete_cluster(tools, name, directory)
        for run in killed:
            cleanup.clean_up(tools, run.entry, progress)
    return name


@contextmanager
def _ledger_entry() -> Iterator[Entry]:
    """An entry in the ledger; where nothing has begun by the end, it is forgotten."""
    entry = ledger.begin("kind")
    try:
        yield entry
    finally:
        if not entry.facts:
            ledger.end(entry)


@contextmanager
def _removing_after(tools: Tools, entry: Entry, progress: Progress) -> Iterator[None]:
    try:
        yield
    except Exception as error:
        if not isinstance(error, ProvisionError) or not (kept := node_logs.keep_logs(tools, entry, progress)):
            raise
        raise ProvisionError(f"{error}\n{kept}") from error
    finally:
        if cluster := entry.facts.get("cluster"):
            progress(f"{'leaving' if entry.facts.get('kept') else 'removing'} the cluster {cluster}")
        try:
            cleanup.clean_up(tools, entry, progress)
        except KeyboardInterrupt:
            progress("interrupted: svcproof clean removes what is left")
            raise


def _make(tools: Tools, spec: ClusterSpec, name: str, mode: str, entry: Entry, progress: Progress) -> MadeCluster:
    image = node_image.chosen(spec)
    kubernetes = node_image.version(tools.engine, image)
    node_image.check(tools.engine, tools.kind, image, kubernetes)
    if image and not tools.engine.has_image(image):
        progress(f"the node image {image} is not here: kind has {tools.engine.name} pull it")
    cgroup_v1 = node_image.refuses_cgroup_v1(kubernetes) and tools.engine.cgroup_v1()
    if cgroup_v1:
        progress("this machine has cgroup v1: telling the kubelet to run on it all the same (failCgroupV1: false)")
    progress(f"making the cluster {name}")
    entry.note(cluster=name)
    config = configuration.configuration(spec, mode, maker=entry.token, cgroup_v1=cgroup_v1)

    def create() -> Path:
        return tools.kind.create(name, entry.directory, config, image, progress)

    try:
        kubeconfig = create()
    except ProvisionError as error:
        if "failed to pull image" in str(error):
            raise ProvisionError(f"{error}; take one that is here{node_image.here(tools.engine)}") from error
        if NOT_BOOTED not in str(error) or node_logs.shortage(tools, name):
            raise
        progress(
            "a node had not booted within the 30 s that kind allows on this slow or busy machine: trying once more"
        )
        tools.delete(name, entry.directory)
        kubeconfig = create()
    return MadeCluster(name=name, entry=entry, kubeconfig=kubeconfig, kept=spec.keep)


def _take_up(tools: Tools, spec: ClusterSpec, name: str, entry: Entry, progress: Progress) -> MadeCluster:
    if declaration_digest(tools, name) != configuration.digest(spec):
        raise ProvisionError(
            f"the cluster {name} is kept, and was made from another declaration than {spec.name} is now: its nodes, "
            f"ranges, node image or kind.config differ. Remove it with: svcproof kind down {spec.name}"
        )
    if stopped := tools.engine.stopped(*tools.nodes(name)):
        raise ProvisionError(
            f"the cluster {name} is kept, and of its nodes {', '.join(stopped)} do not run. Start them with: "
            f"{tools.engine.name} start {' '.join(stopped)}; or remove it with: svcproof kind down {spec.name}"
        )
    progress(f"taking up the cluster {name}, which is kept")
    _clean_up_after(tools, cleanup.killed_runs_of(name), progress)
    entry.note(cluster=name, kept=True)
    return MadeCluster(name=name, entry=entry, kubeconfig=tools.kubeconfig(name, entry.directory), kept=True)


def _clean_up_after(tools: Tools, killed_runs: Iterable[KilledKindRun], progress: Progress) -> None:
    for run in killed_runs:
        progress(f"cleaning up {run}")
        cleanup.clean_up(tools, run.entry, progress)

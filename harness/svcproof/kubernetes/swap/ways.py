"""The ways to install a proxy that is not kube-proxy: manifests, a Helm chart, a script."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from svcproof.declare import manifests
from svcproof.errors import NotFound
from svcproof.json_objects import Object
from svcproof.kubernetes.api import Kube
from svcproof.kubernetes.objects import apply
from svcproof.kubernetes.objects.apply import Ref
from svcproof.kubernetes.objects.labels import LABEL
from svcproof.kubernetes.objects.rollout import workloads
from svcproof.kubernetes.objects.site import Site
from svcproof.kubernetes.swap import helm, program
from svcproof.kubernetes.swap.record import Journal
from svcproof.model.cluster import Progress
from svcproof.model.proxy_spec import Helm, Install

KINDS = ("DaemonSet", "Deployment")
RELEASE = "meta.helm.sh/release-name"
"""The annotation by which Helm knows its objects."""


class Way(Protocol):
    """Both raise ProvisionError; what `install` does is noted in the journal before."""

    def check(self, site: Site) -> None:
        """Raise where it cannot be installed; nothing is changed."""

    def install(self, site: Site, journal: Journal, progress: Progress) -> list[Object]:
        """Install it, and return the DaemonSets and Deployments that are to come up."""


def way(install: Install) -> Way | None:
    """The way a declaration names, or None where nothing is to be installed."""
    if install.helm:
        return Chart(install.helm)
    if install.script:
        return Script(install.script)
    return Manifests(install.manifests) if install.manifests else None


@dataclass(frozen=True, slots=True)
class Manifests:
    """Files of objects."""

    files: tuple[str, ...]

    def check(self, site: Site) -> None:
        """Raise where the cluster has not the kinds, or has some of the objects already."""
        apply.refuse_existing(site.kube, apply.refs(site.kube, self._objects()), "the proxy's")

    def install(self, site: Site, journal: Journal, progress: Progress) -> list[Object]:
        """Apply them."""
        objects = self._objects()
        refs = apply.refs(site.kube, objects)
        journal.note(applied=refs)
        progress(f"applying {len(objects)} objects of {', '.join(Path(file).name for file in self.files)}")
        apply.apply(site.kube, objects, refs, site.token)
        return [one for kind in KINDS for one in workloads(site.kube, kind, f"{LABEL}={site.token}")]

    def _objects(self) -> tuple[Object, ...]:
        return apply.ordered(one for file in self.files for one in manifests.read(Path(file)))


@dataclass(frozen=True, slots=True)
class Chart:
    """A Helm chart."""

    chart: Helm

    def check(self, site: Site) -> None:
        """Raise where there is no helm, no such chart, or such a release already."""
        helm.required()
        helm.refuse_existing(helm.release(self.chart), site.kubeconfig)
        helm.definitions(self.chart, site.kubeconfig)

    def install(self, site: Site, journal: Journal, progress: Progress) -> list[Object]:
        """Install it, its namespace before it; helm waits for what it installs."""
        kube = site.kube
        new = [one for one in helm.definitions(self.chart, site.kubeconfig) if not _is_there(kube, one)]
        namespace: Object = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": self.chart.namespace}}
        home = apply.refs(kube, [namespace])
        applied = () if _is_there(kube, home[0]) else home
        journal.note(release=helm.release(self.chart), definitions=tuple(new), applied=applied)
        apply.apply(kube, [namespace][: len(applied)], applied, site.token)
        progress(f"helm installs {self.chart.chart}")
        helm.install(self.chart, site.kubeconfig)
        return [one for one in workloads(kube, "DaemonSet") if _release(one) == helm.NAME]


@dataclass(frozen=True, slots=True)
class Script:
    """A program of the user's."""

    path: str

    def check(self, site: Site) -> None:
        """Nothing can be said of it before."""

    def install(self, site: Site, journal: Journal, progress: Progress) -> list[Object]:
        """Run it; DaemonSets that are new then are taken for its."""
        before = {one["metadata"]["uid"] for one in workloads(site.kube, "DaemonSet")}
        journal.note(script=self.path)
        progress(f"running {self.path} install")
        program.run((self.path, "install"), site.kubeconfig)
        return [one for one in workloads(site.kube, "DaemonSet") if one["metadata"]["uid"] not in before]


def _is_there(kube: Kube, ref: Ref) -> bool:
    try:
        return bool(kube.get(ref.kind, ref.name, ref.namespace))
    except NotFound:
        return False


def _release(one: Object) -> str:
    return str((one["metadata"].get("annotations") or {}).get(RELEASE, ""))

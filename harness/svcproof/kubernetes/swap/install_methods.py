"""The methods to install a proxy that is not kube-proxy: manifests, a Helm chart, a script."""

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
from svcproof.kubernetes.swap.change_record import ChangeRecord
from svcproof.model.cluster import Progress
from svcproof.model.proxy_spec import Helm, Install

KINDS = ("DaemonSet", "Deployment")
RELEASE = "meta.helm.sh/release-name"
"""The annotation by which Helm knows its objects."""


class InstallMethod(Protocol):
    """A method to install a proxy. Both its functions raise ProvisionError."""

    def check(self, site: Site) -> None:
        """Raise if the proxy cannot be installed; change nothing."""

    def install(self, site: Site, record: ChangeRecord, progress: Progress) -> list[Object]:
        """Record and make the changes, and return the DaemonSets and Deployments that must come up."""


def install_method(install: Install) -> InstallMethod | None:
    """The method that a declaration names; None if nothing is to be installed."""
    if install.helm:
        return HelmChart(install.helm)
    if install.script:
        return Script(install.script)
    return Manifests(install.manifests) if install.manifests else None


@dataclass(frozen=True, slots=True)
class Manifests:
    """Files of objects to apply."""

    files: tuple[str, ...]

    def check(self, site: Site) -> None:
        """Raise if the cluster lacks some of the kinds, or has some of the objects already."""
        apply.refuse_existing(site.kube, apply.refs(site.kube, self._objects()), "the proxy's")

    def install(self, site: Site, record: ChangeRecord, progress: Progress) -> list[Object]:
        """Apply the objects."""
        objects = self._objects()
        refs = apply.refs(site.kube, objects)
        record.add(applied=refs)
        progress(f"applying {len(objects)} objects of {', '.join(Path(file).name for file in self.files)}")
        apply.apply(site.kube, objects, refs, site.token)
        return [workload for kind in KINDS for workload in workloads(site.kube, kind, f"{LABEL}={site.token}")]

    def _objects(self) -> tuple[Object, ...]:
        return apply.ordered(manifest for file in self.files for manifest in manifests.read(Path(file)))


@dataclass(frozen=True, slots=True)
class HelmChart:
    """A Helm chart to install as a release."""

    chart: Helm

    def check(self, site: Site) -> None:
        """Raise if there is no helm, no such chart, or such a release already."""
        helm.require_helm()
        helm.refuse_existing_release(helm.release_of(self.chart), site.kubeconfig)
        helm.chart_definitions(self.chart, site.kubeconfig)

    def install(self, site: Site, record: ChangeRecord, progress: Progress) -> list[Object]:
        """Make the namespace, if there is none, and install the chart; helm waits for what it installs."""
        kube = site.kube
        definitions = helm.chart_definitions(self.chart, site.kubeconfig)
        new_definitions = tuple(definition for definition in definitions if not _exists(kube, definition))
        namespace: Object = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": self.chart.namespace}}
        (namespace_ref,) = apply.refs(kube, [namespace])
        missing = [] if _exists(kube, namespace_ref) else [namespace]
        applied = (namespace_ref,) if missing else ()
        record.add(release=helm.release_of(self.chart), definitions=new_definitions, applied=applied)
        apply.apply(kube, missing, applied, site.token)
        progress(f"helm installs {self.chart.chart}")
        helm.install_chart(self.chart, site.kubeconfig)
        return [daemon_set for daemon_set in workloads(kube, "DaemonSet") if _release_name(daemon_set) == helm.NAME]


@dataclass(frozen=True, slots=True)
class Script:
    """A program of the user's to run."""

    path: str

    def check(self, site: Site) -> None:
        """Do nothing: what the script needs is not known."""

    def install(self, site: Site, record: ChangeRecord, progress: Progress) -> list[Object]:
        """Run the script, and take the DaemonSets that are new after it for its own."""
        before = {daemon_set["metadata"]["uid"] for daemon_set in workloads(site.kube, "DaemonSet")}
        record.add(script=self.path)
        progress(f"running {self.path} install")
        run_script(self.path, "install", site.kubeconfig)
        after = workloads(site.kube, "DaemonSet")
        return [daemon_set for daemon_set in after if daemon_set["metadata"]["uid"] not in before]


def run_script(path: str, verb: str, kubeconfig: Path) -> None:
    """Have a script of the user's `install` or `uninstall`; raises ProvisionError with its last lines if it fails."""
    program.run((path, verb), kubeconfig)


def _exists(kube: Kube, ref: Ref) -> bool:
    try:
        return bool(kube.get(ref.kind, ref.name, ref.namespace))
    except NotFound:
        return False


def _release_name(daemon_set: Object) -> str:
    return str((daemon_set["metadata"].get("annotations") or {}).get(RELEASE, ""))

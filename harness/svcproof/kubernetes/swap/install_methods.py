"""The methods to install a proxy that is not kube-proxy: manifests, a Helm chart, a script."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from svcproof.commands import Command
from svcproof.declare import manifests
from svcproof.json_objects import Object
from svcproof.kubernetes.api import Kube
from svcproof.kubernetes.objects.apply import (
    ObjectRef,
    apply_objects,
    in_order_of_need,
    object_refs,
    refuse_existing,
)
from svcproof.kubernetes.objects.cluster_access import LABEL, ClusterAccess
from svcproof.kubernetes.objects.rollout import workloads
from svcproof.kubernetes.swap import helm
from svcproof.kubernetes.swap.change_record import ChangeRecord
from svcproof.limits import Provision
from svcproof.model.cluster import Progress
from svcproof.model.proxy_spec import Helm, Install

KINDS = ("DaemonSet", "Deployment")
RELEASE = "meta.helm.sh/release-name"
"""The annotation by which Helm knows its objects."""


class InstallMethod(Protocol):
    """A method to install a proxy. Both its functions raise ProvisionError."""

    def check(self, access: ClusterAccess) -> None:
        """Raise if the proxy cannot be installed; change nothing."""

    def install(self, access: ClusterAccess, record: ChangeRecord, progress: Progress) -> list[Object]:
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

    def check(self, access: ClusterAccess) -> None:
        """Raise if the cluster lacks some of the kinds, or has some of the objects already."""
        refuse_existing(access.kube, object_refs(access.kube, self._objects()), "the proxy's")

    def install(self, access: ClusterAccess, record: ChangeRecord, progress: Progress) -> list[Object]:
        """Apply the objects."""
        objects = self._objects()
        refs = object_refs(access.kube, objects)
        record.add(applied=refs)
        progress(f"applying {len(objects)} objects of {', '.join(Path(file).name for file in self.files)}")
        apply_objects(access.kube, objects, refs, access.token)
        return [workload for kind in KINDS for workload in workloads(access.kube, kind, f"{LABEL}={access.token}")]

    def _objects(self) -> tuple[Object, ...]:
        return in_order_of_need(manifest for file in self.files for manifest in manifests.read(Path(file)))


@dataclass(frozen=True, slots=True)
class HelmChart:
    """A Helm chart to install as a release."""

    chart: Helm

    def check(self, access: ClusterAccess) -> None:
        """Raise if there is no helm, no such chart, or such a release already."""
        helm.require_helm()
        helm.refuse_existing_release(helm.release_of(self.chart), access.kubeconfig)
        helm.chart_definitions(self.chart, access.kubeconfig)

    def install(self, access: ClusterAccess, record: ChangeRecord, progress: Progress) -> list[Object]:
        """Make the namespace, if there is none, and install the chart; helm waits for what it installs."""
        kube = access.kube
        definitions = helm.chart_definitions(self.chart, access.kubeconfig)
        new_definitions = tuple(definition for definition in definitions if not _exists(kube, definition))
        namespace: Object = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": self.chart.namespace}}
        (namespace_ref,) = object_refs(kube, [namespace])
        missing = [] if _exists(kube, namespace_ref) else [namespace]
        applied = (namespace_ref,) if missing else ()
        record.add(release=helm.release_of(self.chart), definitions=new_definitions, applied=applied)
        apply_objects(kube, missing, applied, access.token)
        progress(f"helm installs {self.chart.chart}")
        helm.install_chart(self.chart, access.kubeconfig)
        annotations = ((workload, workload["metadata"].get("annotations")) for workload in workloads(kube, "DaemonSet"))
        return [workload for workload, named in annotations if (named or {}).get(RELEASE) == helm.NAME]


@dataclass(frozen=True, slots=True)
class Script:
    """A program of the user's to run."""

    path: str

    def check(self, access: ClusterAccess) -> None:
        """Do nothing: what the script needs is not known."""

    def install(self, access: ClusterAccess, record: ChangeRecord, progress: Progress) -> list[Object]:
        """Run the script, and take the DaemonSets that are new after it for its own."""
        before = {daemon_set["metadata"]["uid"] for daemon_set in workloads(access.kube, "DaemonSet")}
        record.add(script=self.path)
        progress(f"running {self.path} install")
        run_script(self.path, "install", access.kubeconfig)
        after = workloads(access.kube, "DaemonSet")
        return [daemon_set for daemon_set in after if daemon_set["metadata"]["uid"] not in before]


def run_script(path: str, verb: str, kubeconfig: Path) -> None:
    """Have a script of the user's `install` or `uninstall`; raises ProvisionError with its last lines if it fails."""
    Command((path, verb), Provision.PROXY_INSTALLED, variables={"KUBECONFIG": str(kubeconfig)}).output()


def _exists(kube: Kube, ref: ObjectRef) -> bool:
    return bool(kube.find(ref.kind, ref.name, ref.namespace))

"""The proxy under test, described: as it was installed, or as the cluster has it already."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from svcproof.errors import NotFound, Rejected
from svcproof.json_objects import Object
from svcproof.kubernetes.api import Kube
from svcproof.kubernetes.objects.rollout import selector_of, title_of, workloads
from svcproof.kubernetes.swap import kube_proxy
from svcproof.kubernetes.swap.kube_proxy import InstalledKubeProxy, find_kube_proxy, version_of

OTHERS: Mapping[str, str] = {
    "cilium": "Cilium",
    "anetd": "GKE Dataplane V2 (Cilium)",
    "calico-node": "Calico",
    "antrea-agent": "Antrea",
    "kube-router": "kube-router",
    "ovnkube-node": "OVN-Kubernetes",
    "kube-ovn-cni": "Kube-OVN",
}
"""Title by name of the DaemonSets of pod networks that can serve Services themselves."""
EMBEDDING = ("k3s", "rke2", "k0s", "microk8s")
"""Distributions that run kube-proxy where the API does not show it, by a part of their kubelets' version."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProxyUnderTest:
    """The proxy under test: its description and its pods. Without a selector it is not known which pods are its."""

    description: str
    """Such as "kube-proxy v1.37.2, mode nftables"."""
    name: str = ""
    """The name of its DaemonSet."""
    namespace: str = ""
    selector: str = ""
    versions: Mapping[str, str]
    """Version by component, as far as image tags tell."""
    workloads: tuple[Object, ...] = ()
    """The DaemonSets and Deployments that must come up before it can be ready."""

    @property
    def daemon_set(self) -> Object | None:
        """The first DaemonSet among its workloads."""
        return next((workload for workload in self.workloads if workload["kind"] == "DaemonSet"), None)


NO_PROXY = ProxyUnderTest(description="no proxy", versions={})


def from_kube_proxy(installed: InstalledKubeProxy, mode: str) -> ProxyUnderTest:
    """Describe kube-proxy, running in a mode."""
    metadata = installed.daemon_set["metadata"]
    return ProxyUnderTest(
        description=f"{installed.title}, mode {mode}",
        name=metadata["name"],
        namespace=metadata["namespace"],
        selector=installed.selector,
        versions=_kube_proxy_versions(installed.version),
    )


def from_workloads(workloads: Sequence[Object], title: str) -> ProxyUnderTest:
    """Describe a proxy that was installed as these workloads, by its DaemonSet if it has one."""
    installed = ProxyUnderTest(description=title, versions={}, workloads=tuple(workloads))
    daemon_set = installed.daemon_set
    return replace(from_daemon_set(daemon_set, title), workloads=installed.workloads) if daemon_set else installed


def from_daemon_set(daemon_set: Object, title: str) -> ProxyUnderTest:
    """Describe a proxy by the DaemonSet that runs it."""
    metadata = daemon_set["metadata"]
    containers = daemon_set["spec"]["template"]["spec"]["containers"]
    images = {container["name"]: container["image"] for container in containers}
    return ProxyUnderTest(
        description=f"{title}: {title_of(daemon_set)}, {', '.join(images.values())}",
        name=metadata["name"],
        namespace=metadata["namespace"],
        selector=selector_of(daemon_set),
        versions={name: version for name, image in images.items() if (version := version_of(image))},
    )


def existing(kube: Kube) -> ProxyUnderTest:
    """Describe what serves Services in a cluster as it is, as far as the API shows it and this account may ask."""
    refusals: list[str] = []
    for look in (kube_proxy_replacement, _kube_proxy, _static_kube_proxy, _embedded_kube_proxy):
        try:
            if proxy := look(kube):
                return proxy
        except Rejected as refusal:
            if not refusal.forbidden:
                raise
            refusals.append(str(refusal))
    reason = refusals[0] if refusals else "no DaemonSet that is known to serve Services"
    return ProxyUnderTest(description=f"not known: {reason}", versions={})


def kube_proxy_replacement(kube: Kube) -> ProxyUnderTest | None:
    """Describe what serves Services in the place of kube-proxy; None if kube-proxy does, or nothing that is known."""
    candidates = [daemon_set for daemon_set in workloads(kube, "DaemonSet") if daemon_set["metadata"]["name"] in OTHERS]
    daemon_set = next((daemon_set for daemon_set in candidates if _replaces_kube_proxy(kube, daemon_set)), None)
    return from_daemon_set(daemon_set, OTHERS[daemon_set["metadata"]["name"]]) if daemon_set else None


def from_name(kube: Kube, name: str) -> ProxyUnderTest | None:
    """Describe the proxy that a DaemonSet of this name runs; None if none of the name serves Services."""
    daemon_sets = workloads(kube, "DaemonSet")
    daemon_set = next((daemon_set for daemon_set in daemon_sets if daemon_set["metadata"]["name"] == name), None)
    if daemon_set is None or not _replaces_kube_proxy(kube, daemon_set):
        return None
    return from_daemon_set(daemon_set, OTHERS.get(name, name))


def distribution_with_kube_proxy_inside(kube: Kube) -> str:
    """The kubelet version of a distribution that runs kube-proxy inside a process of its own; empty if none does."""
    versions = (node["status"]["nodeInfo"]["kubeletVersion"] for node in kube.list("Node"))
    return next((version for version in versions if any(name in version for name in EMBEDDING)), "")


def _replaces_kube_proxy(kube: Kube, daemon_set: Object) -> bool:
    metadata = daemon_set["metadata"]
    if metadata["name"] == "cilium":
        # https://docs.cilium.io/en/stable/network/kubernetes/kubeproxy-free/
        configuration = kube.find("ConfigMap", "cilium-config", metadata["namespace"]).get("data", {})
        return configuration.get("kube-proxy-replacement") in ("true", "strict") or not _has_kube_proxy(kube)
    if metadata["name"] == "calico-node":
        # https://docs.tigera.io/calico/latest/operations/ebpf/enabling-ebpf
        return any(felix["spec"].get("bpfEnabled") for felix in _felix_configurations(kube))
    return not _has_kube_proxy(kube)


def _has_kube_proxy(kube: Kube) -> bool:
    installed = find_kube_proxy(kube)
    return installed is not None and installed.is_scheduled


def _felix_configurations(kube: Kube) -> Sequence[Object]:
    try:
        return kube.list("crd.projectcalico.org/v1 FelixConfiguration")
    except NotFound:
        return ()


def _kube_proxy(kube: Kube) -> ProxyUnderTest | None:
    installed = find_kube_proxy(kube)
    return from_kube_proxy(installed, installed.mode) if installed else None


def _static_kube_proxy(kube: Kube) -> ProxyUnderTest | None:
    """Describe kube-proxy in pods that kubelets start from files, as on GKE."""
    selector = "component=kube-proxy"
    pods = kube.list("Pod", kube_proxy.NAMESPACE, selector)
    if not pods:
        return None
    version = version_of(pods[0]["spec"]["containers"][0]["image"])
    return ProxyUnderTest(
        description=f"kube-proxy {version} in static pods".replace("  ", " "),
        namespace=kube_proxy.NAMESPACE,
        selector=selector,
        versions=_kube_proxy_versions(version),
    )


def _embedded_kube_proxy(kube: Kube) -> ProxyUnderTest | None:
    version = distribution_with_kube_proxy_inside(kube)
    description = f"kube-proxy inside {version}: the API shows nothing of it"
    # The release is that of the process, in which the kubelet runs too.
    return ProxyUnderTest(description=description, versions=_kube_proxy_versions(version)) if version else None


def _kube_proxy_versions(version: str) -> Mapping[str, str]:
    return {"kube-proxy": version} if version else {}

"""What serves Services in a cluster that is as it is."""

from collections.abc import Mapping, Sequence

from svcproof.errors import NotFound, Rejected
from svcproof.json_objects import Object
from svcproof.kubernetes.api import Kube
from svcproof.kubernetes.objects.rollout import workloads
from svcproof.kubernetes.swap import kube_proxy
from svcproof.kubernetes.swap.installed import Installed, of_daemon_set, of_kube_proxy

OTHERS: Mapping[str, str] = {
    "cilium": "Cilium",
    "anetd": "GKE Dataplane V2 (Cilium)",
    "calico-node": "Calico",
    "antrea-agent": "Antrea",
    "kube-router": "kube-router",
    "ovnkube-node": "OVN-Kubernetes",
    "kube-ovn-cni": "Kube-OVN",
}
"""DaemonSets of networks that can serve Services themselves: name to title."""
EMBEDDING = ("k3s", "rke2", "k0s", "microk8s")
"""Distributions that run kube-proxy where the API does not show it; their kubelet's version says so."""


def present(kube: Kube) -> Installed:
    """Say what serves Services, as far as the API tells and this account may ask."""
    looks = (other, _kube_proxy, _static, _hidden)
    refusals: list[str] = []
    for look in looks:
        try:
            if found := look(kube):
                return found
        except Rejected as refusal:
            if not refusal.forbidden:
                raise
            refusals.append(str(refusal))
    if refusals:
        return Installed(what=f"not known: {refusals[0]}", versions={})
    return Installed(what="not known: no DaemonSet that is known to serve Services", versions={})


def other(kube: Kube) -> Installed | None:
    """Return what serves Services in the place of kube-proxy, or None where that is kube-proxy, or nothing known."""
    daemon_sets = [one for one in workloads(kube, "DaemonSet") if one["metadata"]["name"] in OTHERS]
    found = next((one for one in daemon_sets if _replaces_kube_proxy(kube, one)), None)
    return of_daemon_set(found, OTHERS[found["metadata"]["name"]]) if found else None


def embedded(kube: Kube) -> str:
    """Say which distribution runs kube-proxy inside a process of its own; empty where none does."""
    versions = (one["status"]["nodeInfo"]["kubeletVersion"] for one in kube.list("Node"))
    return next((version for version in versions if any(word in version for word in EMBEDDING)), "")


def _replaces_kube_proxy(kube: Kube, daemon_set: Object) -> bool:
    metadata = daemon_set["metadata"]
    if metadata["name"] == "cilium":
        # https://docs.cilium.io/en/stable/network/kubernetes/kubeproxy-free/
        asked = _data(kube, "cilium-config", metadata["namespace"]).get("kube-proxy-replacement", "")
        return asked in ("true", "strict") or not _has_kube_proxy(kube)
    if metadata["name"] == "calico-node":
        # https://docs.tigera.io/calico/latest/operations/ebpf/enabling-ebpf
        return any(one["spec"].get("bpfEnabled") for one in _felix(kube))
    return not _has_kube_proxy(kube)


def _has_kube_proxy(kube: Kube) -> bool:
    found = kube_proxy.find(kube)
    return found is not None and found.daemon_set["status"]["desiredNumberScheduled"] > 0


def _felix(kube: Kube) -> Sequence[Object]:
    try:
        return kube.list("crd.projectcalico.org/v1 FelixConfiguration")
    except NotFound:
        return ()


def _data(kube: Kube, name: str, namespace: str) -> Mapping[str, str]:
    try:
        data: Mapping[str, str] = kube.get("ConfigMap", name, namespace).get("data", {})
    except NotFound:
        return {}
    return data


def _kube_proxy(kube: Kube) -> Installed | None:
    found = kube_proxy.find(kube)
    return of_kube_proxy(found, found.mode) if found else None


def _static(kube: Kube) -> Installed | None:
    """kube-proxy in pods that kubelets start from files, as on GKE."""
    selector = "component=kube-proxy"
    found = kube.list("Pod", kube_proxy.NAMESPACE, selector)
    if not found:
        return None
    version = kube_proxy.version_of(found[0]["spec"]["containers"][0]["image"])
    return Installed(
        what=f"kube-proxy {version} in static pods".replace("  ", " "),
        namespace=kube_proxy.NAMESPACE,
        selector=selector,
        versions={"kube-proxy": version} if version else {},
    )


def _hidden(kube: Kube) -> Installed | None:
    version = embedded(kube)
    return Installed(what=f"kube-proxy inside {version}: the API shows nothing of it", versions={}) if version else None

"""The walk from a declaration to a proxy, as far as it goes without changing anything, and the way back."""

from pathlib import Path
from typing import Any, cast
from unittest.mock import Mock

import pytest

from svcproof.errors import ProvisionError
from svcproof.kubernetes.api import Kube
from svcproof.kubernetes.objects.apply import ObjectRef
from svcproof.kubernetes.objects.cluster_access import ClusterAccess
from svcproof.kubernetes.swap import install_proxy, undo
from svcproof.kubernetes.swap.change_record import HelmRelease, ProxyChanges, RemovedDaemonSet, SavedConfiguration
from svcproof.model.proxy_spec import Install, KubeProxy, ProxySpec, Ready
from tests.kubernetes.read_only_kube import ReadOnlyKube

KUBECONFIG = Path("/some/kubeconfig")
MANIFESTS = ProxySpec(name="mine", install=Install(manifests=("a.yaml",)))


def daemon_set(name: str) -> dict[str, Any]:
    container = {"name": name, "image": f"registry.example/{name}:v1.2.3"}
    return {
        "kind": "DaemonSet",
        "metadata": {"name": name, "namespace": "kube-system"},
        "spec": {"selector": {"matchLabels": {"app": name}}, "template": {"spec": {"containers": [container]}}},
        "status": {"desiredNumberScheduled": 2},
    }


def access(*daemon_sets: dict[str, Any], kubelet: str = "v1.30.1") -> ClusterAccess:
    """A cluster that is only read: whoever changes it fails, since the stand-in has no such function."""
    node = {"metadata": {"name": "a"}, "status": {"nodeInfo": {"kubeletVersion": kubelet}}}
    kube = cast(Kube, ReadOnlyKube(DaemonSet=list(daemon_sets), Node=[node], ConfigMap=[]))
    return ClusterAccess(kube=kube, kubeconfig=KUBECONFIG, token="me", ends_with_run=False)


def test_what_the_cluster_has_is_tested_as_it_is() -> None:
    steps: list[str] = []
    spec = ProxySpec(name="cluster-default", install=Install(cluster_default=True))

    with install_proxy(access(daemon_set("kube-proxy")), spec, steps.append) as under_test:
        assert under_test.description == "kube-proxy v1.2.3, mode iptables"
        assert (under_test.selector, under_test.workloads) == ("app=kube-proxy", ())
    assert steps == []


def test_no_proxy_is_waited_for_where_none_is_declared() -> None:
    spec = ProxySpec(
        name="none", install=Install(kube_proxy=KubeProxy(mode="none")), ready=Ready(http="http://127.0.0.1:1/")
    )

    with install_proxy(access(), spec, print) as under_test:
        assert under_test.description == "no proxy"


@pytest.mark.parametrize(
    ("cluster", "reason"),
    [
        (access(daemon_set("cilium")), r"^Cilium: DaemonSet cilium .* serves Services in this cluster already; use a"),
        (access(kubelet="v1.30.1+k3s1"), r"^v1.30.1\+k3s1 runs kube-proxy inside itself, and it cannot be taken off"),
    ],
)
def test_a_proxy_that_cannot_be_taken_off_is_told_before_anything_is_changed(
    cluster: ClusterAccess, reason: str
) -> None:
    with pytest.raises(ProvisionError, match=reason), install_proxy(cluster, MANIFESTS, print):
        pytest.fail("it was installed")


@pytest.mark.parametrize(
    ("mode", "reason"),
    [
        ("nftables", "its mode cannot be changed to nftables: its DaemonSet has no --config"),
        ("ipvs", "changed to ipvs"),
    ],
)
def test_a_mode_that_cannot_be_set_is_told_before_anything_is_changed(mode: Any, reason: str) -> None:
    spec = ProxySpec(name="mode", install=Install(kube_proxy=KubeProxy(mode=mode)))

    with pytest.raises(ProvisionError, match=reason), install_proxy(access(daemon_set("kube-proxy")), spec, print):
        pytest.fail("it was installed")


def test_the_way_back_has_every_change_and_the_last_one_first() -> None:
    changes = ProxyChanges(
        token="me",
        proxy="mine",
        config=SavedConfiguration("kube-proxy", "kube-system", "config.conf", "mode: nftables"),
        taken_off=RemovedDaemonSet("kube-proxy", "kube-system", {"kube-proxy-1": 1}),
        applied=(ObjectRef("v1 Namespace", "mine", ""),),
        release=HelmRelease("svcproof-proxy", "mine"),
        definitions=(ObjectRef("apiextensions.k8s.io/v1 CustomResourceDefinition", "widgets.example.com", ""),),
        script="./run",
    )

    assert [words for words, _ in undo._steps(Mock(spec=Kube), KUBECONFIG, changes)] == [
        "running ./run uninstall",
        "uninstalling the Helm release svcproof-proxy",
        "deleting CustomResourceDefinition widgets.example.com",
        "deleting the 1 objects of mine",
        "ending the removal of the rules of kube-proxy",
        "putting kube-proxy back on the nodes",
        "putting kube-proxy back to mode nftables",
    ]

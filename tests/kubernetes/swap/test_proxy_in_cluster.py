"""What is read from a cluster: how kube-proxy is run there, and what serves Services."""

from pathlib import Path
from typing import Any, cast

import pytest

from svcproof.errors import ProvisionError, Rejected
from svcproof.json_objects import Object
from svcproof.kubernetes.api import Kube
from svcproof.kubernetes.objects.cluster_access import ClusterAccess
from svcproof.kubernetes.swap import install_proxy, is_present, kube_proxy
from svcproof.kubernetes.swap.change_record import SavedConfiguration
from svcproof.kubernetes.swap.kube_proxy_cleanup import cleanup_pod
from svcproof.kubernetes.swap.proxy_under_test import existing
from svcproof.model.proxy_spec import Helm, Install, ProxySpec
from tests.kubernetes.read_only_kube import ReadOnlyKube


def daemon_set(name: str, *command: str, image: str = "registry.example/kube-proxy:v1.30.1", **spec: Any) -> Object:
    container = {
        "name": name,
        "image": image,
        "command": list(command),
        "livenessProbe": {},
        "volumeMounts": [{"name": "settings", "mountPath": "/etc/kube-proxy/"}],
    }
    template = {
        "containers": [container],
        "volumes": [{"name": "settings", "configMap": {"name": "its-settings"}}],
        "hostNetwork": True,
        "nodeSelector": {"os": "linux"},
        **spec,
    }
    return {
        "metadata": {"name": name, "namespace": "kube-system"},
        "spec": {"selector": {"matchLabels": {"app": name}}, "template": {"spec": template}},
        "status": {"desiredNumberScheduled": 2},
    }


def node(version: str = "v1.30.1") -> Object:
    return {"metadata": {"name": "a"}, "status": {"nodeInfo": {"kubeletVersion": version}}}


def cluster(*daemon_sets: Object, **others: list[Object]) -> Kube:
    return cast(Kube, ReadOnlyKube(DaemonSet=list(daemon_sets), **{"Node": [node()], **others}))


def settings(text: str, name: str = "its-settings", key: str = "config") -> Object:
    return {"metadata": {"name": name, "namespace": "kube-system"}, "data": {key: text}}


@pytest.mark.parametrize(
    "command",
    [
        ("kube-proxy", "--v=2", "--config=/etc/kube-proxy/config"),
        ("kube-proxy", "--config", "/etc/kube-proxy/config"),
        ("/bin/sh", "-c", "exec kube-proxy --config=/etc/kube-proxy/config 2>&1"),
    ],
)
def test_the_configuration_is_found_where_the_options_say(command: tuple[str, ...]) -> None:
    kube = cluster(daemon_set("kube-proxy", *command), ConfigMap=[settings("mode: nftables")])

    installed = kube_proxy.require_kube_proxy(kube)

    assert installed.configuration == SavedConfiguration("its-settings", "kube-system", "config", "mode: nftables")
    assert (installed.title, installed.mode) == ("kube-proxy v1.30.1", "nftables")


def test_a_mode_may_be_given_by_an_option() -> None:
    installed = kube_proxy.require_kube_proxy(cluster(daemon_set("kube-proxy", "kube-proxy", "--proxy-mode=ipvs")))

    assert (installed.configuration, installed.mode) == (None, "ipvs")


def test_a_cluster_without_kube_proxy_has_no_mode_to_be_set() -> None:
    with pytest.raises(ProvisionError, match=r"has no DaemonSet kube-proxy .* with --proxy cluster-default"):
        kube_proxy.require_kube_proxy(cluster())


@pytest.mark.parametrize(
    ("image", "version"),
    [
        ("registry.k8s.io/kube-proxy:v1.36.3", "v1.36.3"),
        ("localhost:5000/kube-proxy:v1.31.0-minimal-eksbuild.2@sha256:00", "v1.31.0-minimal-eksbuild.2"),
        ("localhost:5000/kube-proxy", ""),
        ("kube-proxy@sha256:0123", ""),
        ("kube-proxy:latest", ""),
    ],
)
def test_a_version_is_an_image_s_tag(image: str, version: str) -> None:
    assert kube_proxy.version_of(image) == version


def test_a_node_is_cleaned_up_by_a_pod_like_kube_proxy_s_own() -> None:
    pod = cleanup_pod(daemon_set("kube-proxy", "kube-proxy", "--config=x", restartPolicy="Always"), "node-b", "me")

    assert pod["spec"]["nodeName"] == "node-b"
    assert pod["spec"]["restartPolicy"] == "Never"
    assert pod["spec"]["hostNetwork"]
    assert "nodeSelector" not in pod["spec"]
    (container,) = pod["spec"]["containers"]
    assert container["command"] == ["kube-proxy", "--config=x", "--cleanup"]
    assert "livenessProbe" not in container
    assert pod["metadata"]["labels"]["svcproof.dev/run"] == "me"


KUBE_PROXY = daemon_set("kube-proxy", "kube-proxy")
CILIUM = daemon_set("cilium", image="quay.io/cilium/cilium:v1.16.1")
CALICO = daemon_set("calico-node", image="docker.io/calico/node:v3.28.0")
BPF: Object = {"metadata": {"name": "default"}, "spec": {"bpfEnabled": True}}
STATIC: Object = {
    "metadata": {"name": "kube-proxy-a", "namespace": "kube-system", "labels": {"component": "kube-proxy"}},
    "spec": {"containers": [{"image": "gke.gcr.io/kube-proxy-amd64:v1.30.1-gke.1"}]},
}


@pytest.mark.parametrize(
    ("kube", "what", "selector"),
    [
        (cluster(KUBE_PROXY), "kube-proxy v1.30.1, mode iptables", "app=kube-proxy"),
        (cluster(CILIUM), "Cilium: DaemonSet cilium in namespace kube-system, quay.io/", "app=cilium"),
        (
            cluster(CILIUM, KUBE_PROXY, ConfigMap=[settings("true", "cilium-config", "kube-proxy-replacement")]),
            "Cilium: ",
            "app=cilium",
        ),
        (
            cluster(CILIUM, KUBE_PROXY, ConfigMap=[settings("false", "cilium-config", "kube-proxy-replacement")]),
            "kube-proxy v1.30.1",
            "app=kube-proxy",
        ),
        (cluster(CALICO, KUBE_PROXY), "kube-proxy v1.30.1", "app=kube-proxy"),
        (cluster(CALICO, KUBE_PROXY, FelixConfiguration=[BPF]), "Calico: ", "app=calico-node"),
        (cluster(daemon_set("kube-router")), "kube-router: ", "app=kube-router"),
        (cluster(daemon_set("antrea-agent")), "Antrea: ", "app=antrea-agent"),
        (cluster(Node=[node("v1.30.1+k3s1")]), "kube-proxy inside v1.30.1+k3s1: the API shows nothing of it", ""),
        (cluster(Pod=[STATIC]), "kube-proxy v1.30.1-gke.1 in static pods", "component=kube-proxy"),
        (cluster(), "not known: no DaemonSet that is known", ""),
    ],
)
def test_what_serves_services_is_told(kube: Kube, what: str, selector: str) -> None:
    proxy = existing(kube)

    assert proxy.description.startswith(what)
    assert proxy.selector == selector


def test_a_kube_proxy_inside_a_kubelet_is_of_its_release() -> None:
    assert existing(cluster(Node=[node("v1.30.1+k3s1")])).versions == {"kube-proxy": "v1.30.1+k3s1"}


@pytest.mark.parametrize(
    ("kube", "install", "there"),
    [
        (cluster(CILIUM), Install(daemon_set="cilium"), True),
        (cluster(daemon_set("my-proxy")), Install(daemon_set="my-proxy"), True),
        (cluster(daemon_set("my-proxy"), KUBE_PROXY), Install(daemon_set="my-proxy"), False),
        (
            cluster(CILIUM, KUBE_PROXY, ConfigMap=[settings("false", "cilium-config", "kube-proxy-replacement")]),
            Install(daemon_set="cilium"),
            False,
        ),
        (cluster(CILIUM), Install(daemon_set="my-proxy"), False),
        (cluster(CILIUM), Install(), False),
        (cluster(KUBE_PROXY), Install(cluster_default=True), True),
    ],
)
def test_a_proxy_that_serves_services_already_is_known_by_its_daemon_set(
    kube: Kube, install: Install, there: bool
) -> None:
    assert is_present(kube, ProxySpec(name="mine", install=install)) is there


def test_a_proxy_that_is_there_is_tested_as_it_is_and_left_there(tmp_path: Path) -> None:
    access = ClusterAccess(kube=cluster(CILIUM), kubeconfig=tmp_path, token="me", ends_with_run=False)
    proxy = ProxySpec(name="mine", install=Install(daemon_set="cilium", helm=Helm(chart="cilium")))

    with install_proxy(access, proxy, print) as under_test:
        assert (under_test.name, under_test.selector) == ("cilium", "app=cilium")


def test_an_account_that_may_not_look_is_told_so() -> None:
    class Forbidden:
        def list(self, *_: str, **__: str) -> list[Object]:
            raise Rejected("list DaemonSet: 403", code=403, message="no")

        def find(self, *_: str) -> Object:
            raise Rejected("get DaemonSet kube-proxy: 403", code=403, message="no")

    kube = cast(Kube, Forbidden())

    assert existing(kube).description == "not known: list DaemonSet: 403"

"""The walk from a declaration to running pods and back, in a lab with a stand-in for kube-proxy."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from svcproof import declare
from svcproof.errors import NotFound, ProvisionError
from svcproof.kubernetes.api import Kube
from svcproof.kubernetes.objects.cluster_access import ClusterAccess
from svcproof.kubernetes.objects.rollout import await_rollout
from svcproof.kubernetes.swap import changing_run, install_proxy, undo_killed_run
from svcproof.lab.process import launch
from svcproof.model.proxy_spec import Install, KubeProxy, ProxySpec, Ready
from svcproof.providers.lab import AGENT
from svcproof.providers.lab.declaration import lab_config
from tests.kubernetes.swap.stage import quiet

pytestmark = [pytest.mark.lab, pytest.mark.timeout(240)]
STAND_IN = (
    'case " $* " in *" --cleanup "*) echo cleaned; exit 0;; esac; '
    'echo "Using $(sed -n "s/^mode: //p" /etc/kube-proxy/config.conf) Proxier"; exec sleep 1000'
)
"""A program that says, as kube-proxy does, which mode it runs in, and that ends when it is to clean up."""
NFTABLES = ProxySpec(
    name="kube-proxy-nftables", install=Install(kube_proxy=KubeProxy(mode="nftables")), ready=Ready(within=60)
)
MANIFEST = """
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: mine, namespace: mine}
spec:
  selector: {matchLabels: {app: mine}}
  template:
    metadata: {labels: {app: mine}}
    spec: {containers: [{name: mine, image: "registry.k8s.io/pause:3.10.1"}]}
---
{apiVersion: v1, kind: Namespace, metadata: {name: mine}}
"""


@pytest.fixture(scope="module")
def access() -> Iterator[ClusterAccess]:
    with (
        launch.running(lab_config(declare.cluster("lab-single-node")), agent=AGENT) as lab,
        closing(Kube(lab.directory.kubeconfig)) as kube,
    ):
        for manifest in kube_proxy():
            kube.create(manifest)
        await_rollout(kube, kube.get("DaemonSet", "kube-proxy", "kube-system"), 60)
        yield ClusterAccess(kube=kube, kubeconfig=lab.directory.kubeconfig, token="mine", ends_with_run=False)


def kube_proxy() -> tuple[dict[str, Any], dict[str, Any]]:
    """The objects by which a cluster's tooling runs kube-proxy."""
    metadata = {"name": "kube-proxy", "namespace": "kube-system"}
    container = {
        "name": "kube-proxy",
        "image": "busybox:1.37.0",
        "command": ["sh", "-c", STAND_IN, "kube-proxy", "--config=/etc/kube-proxy/config.conf"],
        "volumeMounts": [{"name": "configuration", "mountPath": "/etc/kube-proxy"}],
    }
    template = {
        "metadata": {"labels": {"app": "kube-proxy"}},
        "spec": {
            "containers": [container],
            "volumes": [{"name": "configuration", "configMap": {"name": "kube-proxy"}}],
            "terminationGracePeriodSeconds": 0,
        },
    }
    spec = {"selector": {"matchLabels": {"app": "kube-proxy"}}, "template": template}
    return (
        {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": {"config.conf": "mode: iptables\n"}},
        {"apiVersion": "apps/v1", "kind": "DaemonSet", "metadata": metadata, "spec": spec},
    )


@pytest.fixture
def mine(tmp_path: Path) -> ProxySpec:
    """A proxy that comes by manifests."""
    (path := tmp_path / "mine.yaml").write_text(MANIFEST)
    return ProxySpec(name="mine", title="Mine", install=Install(manifests=(str(path),)), ready=Ready(within=60))


@pytest.fixture(autouse=True)
def as_it_was(access: ClusterAccess) -> Iterator[None]:
    """Whatever a test does, kube-proxy is afterwards what it was before, and nothing else is there."""
    before = state(access.kube)
    yield
    assert state(access.kube) == before
    assert changing_run(access.kube) == ""


def state(kube: Kube) -> dict[str, object]:
    daemon_set = kube.get("DaemonSet", "kube-proxy", "kube-system")
    revisions = kube.list("apps/v1 ControllerRevision", "kube-system")
    return {
        "template": daemon_set["spec"]["template"],
        "configuration": kube.get("ConfigMap", "kube-proxy", "kube-system")["data"],
        "revisions": {revision["metadata"]["name"]: revision["revision"] for revision in revisions},
        "pods": len(kube.list("Pod", "kube-system", "app=kube-proxy")),
        "namespaces": {namespace["metadata"]["name"] for namespace in kube.list("Namespace")},
        "daemon sets": {item["metadata"]["name"] for item in kube.list("DaemonSet")},
    }


def test_kube_proxy_runs_in_the_declared_mode_and_then_in_its_own(access: ClusterAccess) -> None:
    steps: list[str] = []

    with install_proxy(access, NFTABLES, steps.append) as under_test:
        (pod,) = access.kube.list("Pod", under_test.namespace, under_test.selector)
        assert access.kube.logs(pod["metadata"]["name"], "kube-system") == "Using nftables Proxier\n"
        assert under_test.description == "kube-proxy v1.37.0, mode nftables"

    assert steps == [
        "changing kube-proxy from mode iptables to nftables",
        "waiting for DaemonSet kube-proxy in namespace kube-system",
        "waiting until kube-proxy-nftables is ready on every node",
        "putting kube-proxy back to mode iptables",
    ]


def test_a_proxy_takes_the_place_of_kube_proxy_and_gives_it_back(access: ClusterAccess, mine: ProxySpec) -> None:
    steps: list[str] = []

    with install_proxy(access, mine, steps.append) as under_test:
        assert under_test.description == "Mine: DaemonSet mine in namespace mine, registry.k8s.io/pause:3.10.1"
        assert len(access.kube.list("Pod", "mine", under_test.selector)) == 1
        assert access.kube.list("Pod", "kube-system", "app=kube-proxy") == []

    assert steps == [
        "taking kube-proxy off 1 nodes",
        "removing the rules of kube-proxy on 1 nodes",
        "applying 2 objects of mine.yaml",
        "waiting for DaemonSet mine in namespace mine",
        "waiting until mine is ready on every node",
        "deleting the 2 objects of mine",
        "ending the removal of the rules of kube-proxy",
        "putting kube-proxy back on the nodes",
    ]


def test_a_proxy_that_never_is_ready_is_removed(access: ClusterAccess, mine: ProxySpec) -> None:
    waiting = mine.model_copy(update={"ready": Ready(http="http://127.0.0.1:1/", within=1)})
    asked = ClusterAccess(
        kube=access.kube,
        kubeconfig=access.kubeconfig,
        token="mine",
        ends_with_run=False,
        status_on_node=lambda node, url: 503,
    )

    with (
        pytest.raises(ProvisionError, match=r"(?s)http://127.0.0.1:1/ on node-a.*status 503"),
        install_proxy(asked, waiting, quiet),
    ):
        pytest.fail("it was ready")


def test_a_run_that_is_killed_is_undone_from_the_record_and_keeps_others_out(
    access: ClusterAccess, mine: ProxySpec
) -> None:
    killed = ClusterAccess(kube=access.kube, kubeconfig=access.kubeconfig, token="mine", ends_with_run=True)

    with install_proxy(killed, mine, quiet):
        pass  # As the cluster ends with that run, it does not put anything back.

    assert changing_run(access.kube) == "mine"
    with pytest.raises(ProvisionError, match="has been changed by run mine, to test mine"):
        install_proxy(access, NFTABLES, quiet).__enter__()
    assert undo_killed_run(access.kube, access.kubeconfig, quiet, token="another") == ""
    assert undo_killed_run(access.kube, access.kubeconfig, quiet) == "what run mine changed to test mine"
    with pytest.raises(NotFound):
        access.kube.get("Namespace", "mine")

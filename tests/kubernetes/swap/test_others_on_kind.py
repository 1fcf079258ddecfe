"""Proxies other than kube-proxy put into a cluster of real Kubernetes, and removed."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from svcproof import declare
from svcproof.errors import NotFound, ProvisionError
from svcproof.json_objects import Object
from svcproof.kubernetes.objects.apply import CRD
from svcproof.kubernetes.objects.cluster_access import ClusterAccess
from svcproof.kubernetes.swap import install_proxy, kube_proxy_cleanup, undo_killed_run
from svcproof.wait import provisioned
from tests.kubernetes.swap.stage import ON_ONE_CLUSTER, Everything, await_rules, held, quiet

pytestmark = ON_ONE_CLUSTER


def test_a_proxy_comes_by_manifests_in_the_place_of_kube_proxy(access: ClusterAccess, manifests: str) -> None:
    with install_proxy(access, declare.proxy(manifests), quiet) as under_test:
        await_rules(access.kube, "nftables")

        assert (under_test.name, under_test.namespace, under_test.selector) == ("my-proxy", "my-proxy", "app=my-proxy")
        assert access.kube.list("example.com/v1 Widget", "default")
        assert under_test.description.startswith("mine: DaemonSet my-proxy in namespace my-proxy, ")


@pytest.mark.parametrize("sign", ["taking kube-proxy off", "removing the rules", "applying", "waiting for DaemonSet"])
def test_manifests_of_a_killed_run_are_removed(
    access: ClusterAccess, kubeconfig: Path, manifests: str, sign: str
) -> None:
    with held(kubeconfig, manifests, access.token, sign) as child:
        child.kill()

    assert undo_killed_run(access.kube, kubeconfig, quiet)


def test_a_run_that_is_killed_while_it_removes_rules_leaves_no_pod_that_goes_on(
    access: ClusterAccess, kubeconfig: Path, manifests: str
) -> None:
    def sweeping() -> list[Object]:
        return access.kube.list("Pod", "kube-system", f"{kube_proxy_cleanup.NAME}=true")

    with held(kubeconfig, manifests, access.token, "removing the rules") as child:
        provisioned("the pods that remove rules", sweeping, bool, 20, every=0.1)
        child.kill()

    assert undo_killed_run(access.kube, kubeconfig, quiet)
    assert sweeping() == []


def test_objects_that_are_there_are_left_alone(access: ClusterAccess, manifests: str) -> None:
    access.kube.create({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "my-proxy"}})
    try:
        with (
            pytest.raises(ProvisionError, match=r"Namespace my-proxy is there already, and is not svcproof's: remove"),
            install_proxy(access, declare.proxy(manifests), quiet),
        ):
            pytest.fail("it was installed")
        assert access.kube.get("Namespace", "my-proxy")["status"]["phase"] == "Active"
    finally:
        access.kube.delete("Namespace", "my-proxy")
        access.kube.wait_gone("Namespace", "my-proxy", within=60)


def test_a_proxy_that_never_is_ready_is_removed(access: ClusterAccess, manifests: str, tmp_path: Path) -> None:
    text = (tmp_path / "all.yaml").read_text().replace("- --proxy-mode=nftables", "- --proxy-mode=gibberish")
    (tmp_path / "all.yaml").write_text(text)
    with (
        pytest.raises(ProvisionError, match=r"(?s)waited for .*my-proxy-.*gibberish"),
        install_proxy(access, declare.proxy(manifests), quiet),
    ):
        pytest.fail("it was ready")


def test_kinds_that_nobody_defines_are_told_before_anything_is_made(
    access: ClusterAccess, write: Callable[[str], str], tmp_path: Path, everything: Everything
) -> None:
    (tmp_path / "a.yaml").write_text("{apiVersion: example.com/v1, kind: Gadget, metadata: {name: a}}")
    before = everything()
    with (
        pytest.raises(ProvisionError, match=r"no kind example.com/v1 Gadget, and the manifests do not define it"),
        install_proxy(access, declare.proxy(write("install: {manifests: [a.yaml]}")), quiet),
    ):
        pytest.fail("it was installed")
    assert everything().keys() == before.keys()


def test_a_script_installs_and_uninstalls(access: ClusterAccess, write: Callable[[str], str], tmp_path: Path) -> None:
    script = tmp_path / "run"
    script.write_text(f"""#!/bin/sh
echo "$1 $KUBECONFIG" >> {tmp_path}/called
case $1 in
install) kubectl apply -f {tmp_path}/all.yaml -l none= || kubectl create namespace by-script ;;
uninstall) kubectl delete namespace by-script ;;
esac
""")
    script.chmod(0o755)
    with install_proxy(access, declare.proxy(write("title: scripted\ninstall: {script: run}")), quiet) as under_test:
        assert under_test.description == "scripted"
        assert access.kube.get("Namespace", "by-script")

    with pytest.raises(NotFound):
        access.kube.get("Namespace", "by-script")
    calls = (tmp_path / "called").read_text().splitlines()
    assert calls == [f"install {access.kubeconfig}", f"uninstall {access.kubeconfig}"]


def test_a_script_that_fails_is_told_with_its_last_words(
    access: ClusterAccess, write: Callable[[str], str], tmp_path: Path
) -> None:
    script = tmp_path / "run"
    script.write_text("#!/bin/sh\n[ $1 = uninstall ] || { echo out; echo such a pity >&2; exit 3; }\n")
    script.chmod(0o755)
    with (
        pytest.raises(ProvisionError, match=r"(?s)run install failed with exit code 3; .*out\n.*such a pity"),
        install_proxy(access, declare.proxy(write("install: {script: run}")), quiet),
    ):
        pytest.fail("it was installed")


@pytest.fixture
def chart(tmp_path: Path) -> Path:
    """A chart of a DaemonSet that no node is good enough for, and of a kind of its own."""
    chart = tmp_path / "chart"
    for directory in ("templates", "crds"):
        (chart / directory).mkdir(parents=True)
    (chart / "Chart.yaml").write_text("{apiVersion: v2, name: waiting, version: 0.1.0}")
    text = (Path(__file__).parent / "proxy.yaml").read_text()
    (definition,) = (part for part in text.split("---") if "kind: CustomResourceDefinition" in part)
    (chart / "crds/widgets.yaml").write_text(definition)
    (chart / "templates/all.yaml").write_text("""
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: waiting, namespace: {{ .Release.Namespace }}}
spec:
  selector: {matchLabels: {app: waiting}}
  template:
    metadata: {labels: {app: waiting}}
    spec:
      nodeSelector: {no-such: label}
      containers: [{name: waiting, image: {{ .Values.image }}}]
""")
    return chart


@pytest.mark.skipif(shutil.which("helm") is None, reason="helm is not on PATH")
def test_a_chart_is_installed_and_uninstalled(access: ClusterAccess, write: Callable[[str], str], chart: Path) -> None:
    helm = f"{{chart: ./{chart.name}, namespace: by-helm, values: {{image: 'registry.example/waiting:v1.2.3'}}}}"
    with install_proxy(access, declare.proxy(write(f"title: charted\ninstall: {{helm: {helm}}}")), quiet) as under_test:
        assert (
            under_test.description == "charted: DaemonSet waiting in namespace by-helm, registry.example/waiting:v1.2.3"
        )
        assert under_test.selector == "app=waiting"
        assert access.kube.get(CRD, "widgets.example.com")


@pytest.mark.skipif(shutil.which("helm") is None, reason="helm is not on PATH")
@pytest.mark.parametrize("sign", ["helm installs", "installed"])
def test_the_chart_of_a_killed_run_is_removed(
    access: ClusterAccess, kubeconfig: Path, write: Callable[[str], str], chart: Path, sign: str
) -> None:
    helm = f"{{chart: ./{chart.name}, namespace: by-helm, values: {{image: 'registry.example/waiting:v1.2.3'}}}}"
    with held(kubeconfig, write(f"install: {{helm: {helm}}}"), access.token, sign) as child:
        child.kill()

    assert undo_killed_run(access.kube, kubeconfig, quiet)


@pytest.mark.skipif(shutil.which("helm") is None, reason="helm is not on PATH")
def test_a_chart_that_is_wrong_is_told_in_helm_s_words(
    access: ClusterAccess, write: Callable[[str], str], chart: Path
) -> None:
    (chart / "templates/all.yaml").write_text("{{ .Values.nothing.there }}")
    with (
        pytest.raises(ProvisionError, match=r"(?s)helm upgrade --install .* failed with exit code 1; .*nil pointer"),
        install_proxy(access, declare.proxy(write(f"install: {{helm: {{chart: ./{chart.name}}}}}")), quiet),
    ):
        pytest.fail("it was installed")

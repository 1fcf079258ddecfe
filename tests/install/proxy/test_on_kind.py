"""Proxies put into a cluster of real Kubernetes, and what was there put back."""

import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
import yaml

from harness import declare
from harness.errors import NotFound, ProvisionError
from harness.install.proxy import installed, put_back
from harness.install.site import Site
from harness.kube import Kube
from harness.model.cluster import Object
from harness.wait import provisioned

pytestmark = [pytest.mark.kind, pytest.mark.xdist_group("one cluster"), pytest.mark.timeout(300)]

Everything = Callable[[], Mapping[str, Object]]
COUNT = "deprecated.daemonset.template.generation"


def quiet(words: str) -> None:
    """Takes no notice."""


def rules(node: str) -> str:
    """Whose rules a node has."""
    words = (
        "iptables-save | grep -q KUBE-SVC- && echo iptables; nft list tables | grep -q 'ip kube-proxy' && echo nftables"
    )
    ran = subprocess.run(("docker", "exec", node, "sh", "-c", words), capture_output=True, text=True, timeout=30)
    return " ".join(ran.stdout.split())


def await_rules(kube: Kube, whose: str) -> None:
    """Wait until these are the only rules on every node: a proxy that is ready may take a moment to write them."""
    seen = provisioned("the rules", lambda: {rules(node) for node in nodes(kube)}, lambda seen: seen == {whose}, 20)
    assert seen == {whose}


def nodes(kube: Kube) -> list[str]:
    return [one["metadata"]["name"] for one in kube.list("Node")]


@pytest.fixture(autouse=True)
def as_it_was(everything: Everything, kube: Kube) -> Iterator[None]:
    """Whatever a test does, the cluster is afterwards what it was before."""
    before = everything()
    yield
    after = everything()
    added, lost = ({path for path in one if _counts(path)} for one in (after.keys() - before, before.keys() - after))
    assert (added, lost) == (set(), set())
    changed = {path for path in before.keys() & after.keys() if _comparable(before[path]) != _comparable(after[path])}
    assert changed == set()
    await_rules(kube, "iptables")


def _counts(path: str) -> bool:
    """Pods of kube-proxy are made anew, with names of their own."""
    return "/pods/kube-system/kube-proxy-" not in path


def _comparable(one: Object) -> Object:
    """Without the count of a DaemonSet's templates, which nobody can set back."""
    metadata = one["metadata"]
    annotations = {key: value for key, value in metadata.get("annotations", {}).items() if key != COUNT}
    return {**one, "metadata": {**metadata, "annotations": annotations}}


@pytest.mark.parametrize("mode", ["iptables", "nftables"])
def test_a_mode_of_kube_proxy_runs_alone_on_every_node(site: Site, mode: str) -> None:
    with installed(site, declare.proxy(f"kube-proxy-{mode}"), quiet) as there:
        await_rules(site.kube, mode)

        assert there.what == f"kube-proxy {there.versions['kube-proxy']}, mode {mode}"
        assert there.versions["kube-proxy"].startswith("v1.")
        assert len(site.kube.list("Pod", there.namespace, there.selector)) == len(nodes(site.kube))


def test_the_mode_that_is_there_needs_no_change(site: Site, everything: Everything) -> None:
    before = everything()

    with installed(site, declare.proxy("kube-proxy-iptables"), quiet):
        assert everything().keys() == before.keys()


def test_what_the_cluster_has_is_told(site: Site) -> None:
    with installed(site, declare.proxy("cluster-default"), quiet) as there:
        assert there.what == f"kube-proxy {there.versions['kube-proxy']}, mode iptables"


def test_without_kube_proxy_no_rule_is_left(site: Site, declared: Callable[[str], str]) -> None:
    with installed(site, declare.proxy(declared("install: {kubeProxy: {mode: none}}")), quiet) as there:
        await_rules(site.kube, "")

        assert there.what == "no proxy"
        assert site.kube.list("Pod", "kube-system", "k8s-app=kube-proxy") == []


def test_a_proxy_comes_by_manifests_in_the_place_of_kube_proxy(site: Site, manifests: str) -> None:
    with installed(site, declare.proxy(manifests), quiet) as there:
        await_rules(site.kube, "nftables")

        assert (there.name, there.namespace, there.selector) == ("my-proxy", "my-proxy", "app=my-proxy")
        assert site.kube.list("example.com/v1 Widget", "default")
        assert there.what.startswith("mine: DaemonSet my-proxy in namespace my-proxy, ")


@pytest.mark.parametrize("sign", ["installed", "changing kube-proxy", "waiting for kube-proxy"])
def test_what_a_killed_run_has_changed_is_put_back(site: Site, kubeconfig: Path, sign: str) -> None:
    with held(kubeconfig, "kube-proxy-nftables", site.token, sign) as child:
        child.kill()

    assert put_back(site.kube, kubeconfig, quiet, token="another") == ""
    assert (
        put_back(site.kube, kubeconfig, quiet, token=site.token)
        == f"what run {site.token} changed to test kube-proxy-nftables"
    )
    assert put_back(site.kube, kubeconfig, quiet) == ""


@pytest.mark.parametrize("sign", ["taking kube-proxy off", "removing the rules", "applying", "waiting for DaemonSet"])
def test_manifests_of_a_killed_run_are_removed(site: Site, kubeconfig: Path, manifests: str, sign: str) -> None:
    with held(kubeconfig, manifests, site.token, sign) as child:
        child.kill()

    assert put_back(site.kube, kubeconfig, quiet)


@pytest.mark.parametrize("sign", ["installed", "changing kube-proxy"])
def test_an_interrupted_run_puts_back_itself(site: Site, kubeconfig: Path, sign: str) -> None:
    with held(kubeconfig, "kube-proxy-nftables", site.token, sign) as child:
        child.send_signal(signal.SIGINT)
        child.wait(120)

    assert put_back(site.kube, kubeconfig, quiet) == ""


def test_two_runs_do_not_change_one_cluster(site: Site, kubeconfig: Path) -> None:
    with (
        installed(site, declare.proxy("kube-proxy-nftables"), quiet),
        pytest.raises(ProvisionError, match=rf"changed by run {site.token}, to test kube-proxy-nftables"),
        installed(
            Site(kube=site.kube, kubeconfig=kubeconfig, token="other", own=False),
            declare.proxy("kube-proxy-iptables"),
            quiet,
        ),
    ):
        pytest.fail("both are at it")


def test_a_mode_that_cannot_run_is_put_back(site: Site, manifests: str) -> None:
    with (
        pytest.raises(ProvisionError, match="kube-proxy runs in mode iptables, and cannot be changed to ipvs"),
        installed(site, declare.proxy(manifests.replace("mine", "ipvs")), quiet),
    ):
        pytest.fail("it came up")


def test_objects_that_are_there_are_left_alone(site: Site, manifests: str) -> None:
    site.kube.create({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "my-proxy"}})
    try:
        with (
            pytest.raises(ProvisionError, match=r"Namespace my-proxy is there already, and is not svcproof's: remove"),
            installed(site, declare.proxy(manifests), quiet),
        ):
            pytest.fail("it was installed")
        assert site.kube.get("Namespace", "my-proxy")["status"]["phase"] == "Active"
    finally:
        site.kube.delete("Namespace", "my-proxy")
        site.kube.wait_gone("Namespace", "my-proxy", within=60)


def test_a_proxy_that_never_is_ready_is_removed(site: Site, manifests: str, tmp_path: Path) -> None:
    text = (tmp_path / "all.yaml").read_text().replace("- --proxy-mode=nftables", "- --proxy-mode=gibberish")
    (tmp_path / "all.yaml").write_text(text)
    with (
        pytest.raises(ProvisionError, match=r"(?s)waited for .*my-proxy-.*gibberish"),
        installed(site, declare.proxy(manifests), quiet),
    ):
        pytest.fail("it was ready")


def test_kinds_that_nobody_defines_are_told_before_anything_is_made(
    site: Site, declared: Callable[[str], str], tmp_path: Path, everything: Everything
) -> None:
    (tmp_path / "a.yaml").write_text("{apiVersion: example.com/v1, kind: Gadget, metadata: {name: a}}")
    before = everything()
    with (
        pytest.raises(ProvisionError, match=r"no kind example.com/v1 Gadget, and the manifests do not define it"),
        installed(site, declare.proxy(declared("install: {manifests: [a.yaml]}")), quiet),
    ):
        pytest.fail("it was installed")
    assert everything().keys() == before.keys()


def test_a_script_installs_and_uninstalls(site: Site, declared: Callable[[str], str], tmp_path: Path) -> None:
    script = tmp_path / "run"
    script.write_text(f"""#!/bin/sh
echo "$1 $KUBECONFIG" >> {tmp_path}/called
case $1 in
install) kubectl apply -f {tmp_path}/all.yaml -l none= || kubectl create namespace by-script ;;
uninstall) kubectl delete namespace by-script ;;
esac
""")
    script.chmod(0o755)
    with installed(site, declare.proxy(declared("title: scripted\ninstall: {script: run}")), quiet) as there:
        assert there.what == "scripted"
        assert site.kube.get("Namespace", "by-script")

    with pytest.raises(NotFound):
        site.kube.get("Namespace", "by-script")
    calls = (tmp_path / "called").read_text().splitlines()
    assert calls == [f"install {site.kubeconfig}", f"uninstall {site.kubeconfig}"]


def test_a_script_that_fails_is_told_with_its_last_words(
    site: Site, declared: Callable[[str], str], tmp_path: Path
) -> None:
    script = tmp_path / "run"
    script.write_text("#!/bin/sh\n[ $1 = uninstall ] || { echo out; echo such a pity >&2; exit 3; }\n")
    script.chmod(0o755)
    with (
        pytest.raises(ProvisionError, match=r"(?s)run install failed with exit code 3; .*out\n.*such a pity"),
        installed(site, declare.proxy(declared("install: {script: run}")), quiet),
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
def test_a_chart_is_installed_and_uninstalled(site: Site, declared: Callable[[str], str], chart: Path) -> None:
    helm = f"{{chart: ./{chart.name}, namespace: by-helm, values: {{image: 'registry.example/waiting:v1.2.3'}}}}"
    with installed(site, declare.proxy(declared(f"title: charted\ninstall: {{helm: {helm}}}")), quiet) as there:
        assert there.what == "charted: DaemonSet waiting in namespace by-helm, registry.example/waiting:v1.2.3"
        assert there.selector == "app=waiting"
        assert site.kube.list("example.com/v1 Widget") == []


@pytest.mark.skipif(shutil.which("helm") is None, reason="helm is not on PATH")
@pytest.mark.parametrize("sign", ["helm installs", "installed"])
def test_the_chart_of_a_killed_run_is_removed(
    site: Site, kubeconfig: Path, declared: Callable[[str], str], chart: Path, sign: str
) -> None:
    helm = f"{{chart: ./{chart.name}, namespace: by-helm, values: {{image: 'registry.example/waiting:v1.2.3'}}}}"
    with held(kubeconfig, declared(f"install: {{helm: {helm}}}"), site.token, sign) as child:
        child.kill()

    assert put_back(site.kube, kubeconfig, quiet)


@pytest.mark.skipif(shutil.which("helm") is None, reason="helm is not on PATH")
def test_a_chart_that_is_wrong_is_told_in_helm_s_words(site: Site, declared: Callable[[str], str], chart: Path) -> None:
    (chart / "templates/all.yaml").write_text("{{ .Values.nothing.there }}")
    with (
        pytest.raises(ProvisionError, match=r"(?s)helm upgrade --install .* failed with exit code 1; .*nil pointer"),
        installed(site, declare.proxy(declared(f"install: {{helm: {{chart: ./{chart.name}}}}}")), quiet),
    ):
        pytest.fail("it was installed")


@contextmanager
def held(kubeconfig: Path, proxy: str, token: str, sign: str) -> Iterator["subprocess.Popen[str]"]:
    """A process that installs a proxy, once it has said that it has come so far."""
    words = (sys.executable, "-m", "tests.install.proxy.held", str(kubeconfig), proxy, token)
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as child:
        try:
            assert child.stdout is not None
            assert any(line.startswith(sign) for line in child.stdout), child.stderr and child.stderr.read()
            yield child
        finally:
            child.kill()


@pytest.fixture
def declared(tmp_path: Path) -> Callable[[str], str]:
    """Write a declaration."""

    def written(text: str) -> str:
        path = tmp_path / "mine.yaml"
        path.write_text(text)
        return str(path)

    return written


@pytest.fixture
def manifests(tmp_path: Path, kube: Kube, declared: Callable[[str], str]) -> str:
    """A proxy nobody knows: kube-proxy's program under other names, and a kind of its own."""
    template = kube.get("DaemonSet", "kube-proxy", "kube-system")["spec"]["template"]["spec"]
    config = kube.get("ConfigMap", "kube-proxy", "kube-system")["data"]["kubeconfig.conf"]
    host = yaml.safe_load(config)["clusters"][0]["cluster"]["server"].removeprefix("https://").partition(":")[0]
    text = (Path(__file__).parent / "proxy.yaml").read_text()
    text = text.replace("IMAGE", template["containers"][0]["image"]).replace("APISERVER", host)
    (tmp_path / "all.yaml").write_text(text)
    (tmp_path / "ipvs.yaml").write_text("install: {kubeProxy: {mode: ipvs}}")
    url = "http://127.0.0.1:10256/healthz"
    return declared(f"title: mine\ninstall: {{manifests: [all.yaml]}}\nready: {{http: '{url}', within: 40}}\n")

"""A proxy that nobody knows, and a cluster that is afterwards what it was before."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
import yaml

from harness.kube import Kube
from harness.model.cluster import Object
from tests.install.proxy.stage import await_rules

COUNT = "deprecated.daemonset.template.generation"


@pytest.fixture
def as_it_was(everything: Callable[[], Mapping[str, Object]], kube: Kube) -> Iterator[None]:
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
    return "/pods kube-system/kube-proxy-" not in path


def _comparable(one: Object) -> Object:
    """Without the count of a DaemonSet's templates, which nobody can set back."""
    metadata = one["metadata"]
    annotations = {key: value for key, value in metadata.get("annotations", {}).items() if key != COUNT}
    return {**one, "metadata": {**metadata, "annotations": annotations}}


@pytest.fixture
def manifests(tmp_path: Path, kube: Kube, write: Callable[[str], str]) -> str:
    """A proxy nobody knows: kube-proxy's program under other names, and a kind of its own."""
    template = kube.get("DaemonSet", "kube-proxy", "kube-system")["spec"]["template"]["spec"]
    config = kube.get("ConfigMap", "kube-proxy", "kube-system")["data"]["kubeconfig.conf"]
    host = yaml.safe_load(config)["clusters"][0]["cluster"]["server"].removeprefix("https://").partition(":")[0]
    text = (Path(__file__).parent / "proxy.yaml").read_text()
    text = text.replace("IMAGE", template["containers"][0]["image"]).replace("APISERVER", host)
    (tmp_path / "all.yaml").write_text(text)
    (tmp_path / "ipvs.yaml").write_text("install: {kubeProxy: {mode: ipvs}}")
    url = "http://127.0.0.1:10256/healthz"
    return write(f"title: mine\ninstall: {{manifests: [all.yaml]}}\nready: {{http: '{url}', within: 40}}\n")

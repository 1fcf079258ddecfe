"""A proxy that nobody knows, and a cluster that is afterwards what it was before."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from svcproof.json_objects import Object
from svcproof.kubernetes.api import Kube
from tests.kubernetes.swap.stage import await_rules, unknown

COUNT = "deprecated.daemonset.template.generation"


@pytest.fixture
def as_it_was(everything: Callable[[], Mapping[str, Object]], kube: Kube) -> Iterator[None]:
    """Whatever a test does, the cluster is afterwards what it was before."""
    before = everything()
    yield
    after = everything()
    added = {path for path in after.keys() - before if _counts(path)}
    lost = {path for path in before.keys() - after if _counts(path)}
    assert (added, lost) == (set(), set())
    changed = {path for path in before.keys() & after.keys() if _comparable(before[path]) != _comparable(after[path])}
    assert changed == set()
    await_rules(kube, "iptables")


def _counts(path: str) -> bool:
    """Pods of kube-proxy are made anew, with names of their own."""
    return "/pods kube-system/kube-proxy-" not in path


def _comparable(item: Object) -> Object:
    """Without the count of a DaemonSet's templates, which nobody can set back."""
    metadata = item["metadata"]
    annotations = {key: value for key, value in metadata.get("annotations", {}).items() if key != COUNT}
    return {**item, "metadata": {**metadata, "annotations": annotations}}


@pytest.fixture
def manifests(tmp_path: Path, kube: Kube) -> str:
    """A proxy nobody knows, and a mode of kube-proxy that cannot be changed to."""
    (tmp_path / "ipvs.yaml").write_text("install: {kubeProxy: {mode: ipvs}}")
    return str(unknown(kube, tmp_path))

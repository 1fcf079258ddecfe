"""Namespaces of a run: its own, and those made beforehand."""

import contextlib
import secrets
from dataclasses import dataclass

import pytest

from svcproof.errors import NotFound, ProvisionError
from svcproof.kubernetes.api import Kube
from svcproof.kubernetes.sample import namespace
from svcproof.kubernetes.sample.namespace import provide_namespace
from svcproof.limits import Provision
from svcproof.model.cluster_spec import ClusterSpec
from tests.kubernetes.api.conftest import builtin

SPEC = ClusterSpec(provider="kubeconfig")
SERVICE = {"clusterIP": "None", "ports": [{"port": 80}]}


@dataclass
class Run:
    """As much of a cluster as a namespace needs."""

    namespaces: tuple[str, ...] = ()
    token: str = "abc123"
    spec: ClusterSpec = SPEC


@pytest.fixture(scope="module")
def kube(tmp_path_factory):
    with builtin(tmp_path_factory.mktemp("api")) as client, contextlib.closing(client):
        yield client


@pytest.fixture
def beforehand(kube: Kube) -> tuple[str, ...]:
    """Two namespaces that are nobody's."""
    names = tuple(f"made-{secrets.token_hex(3)}" for _ in range(2))
    for name in names:
        kube.create({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}})
    return names


def service(name: str, where: str, token: str) -> dict[str, object]:
    metadata = {"name": name, "namespace": where, "labels": {"svcproof.dev/run": token}}
    return {"apiVersion": "v1", "kind": "Service", "metadata": metadata, "spec": SERVICE}


def test_a_run_makes_its_own_with_its_label_and_has_it_deleted(kube: Kube) -> None:
    with provide_namespace(kube, Run(), "mine-1") as name:
        assert kube.get("Namespace", name)["metadata"]["labels"]["svcproof.dev/run"] == "abc123"
        assert "loop.py" in kube.get("ConfigMap", "svcproof-agent", name)["data"]

    with contextlib.suppress(NotFound):
        assert kube.get("Namespace", "mine-1")["metadata"]["deletionTimestamp"]


def test_two_that_need_one_at_a_time_get_different_ones(kube: Kube, beforehand: tuple[str, ...]) -> None:
    run = Run(beforehand)
    with provide_namespace(kube, run, "-") as one, provide_namespace(kube, run, "-") as other:
        assert {one, other} == set(beforehand)


def test_a_namespace_made_beforehand_is_left_as_it_was(kube: Kube, beforehand: tuple[str, ...]) -> None:
    with provide_namespace(kube, Run(beforehand), "-") as name:
        kube.create(service("ours", name, "abc123"))
        kube.create(service("somebody-elses", name, "ffffff"))

    assert [one["metadata"]["name"] for one in kube.list("Service", name)] == ["somebody-elses"]
    assert namespace.holder(kube, name) == ""


def test_where_all_are_in_use_it_says_by_whom(
    kube: Kube, beforehand: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Provision.NAMESPACE_FREE, "usual", 0.1)
    with contextlib.ExitStack() as until:
        for _ in beforehand:
            until.enter_context(provide_namespace(kube, Run(beforehand), "-"))

        with (
            pytest.raises(ProvisionError, match=r"in use: .*\(run abc123\).*svcproof rbac --namespaces"),
            provide_namespace(kube, Run(beforehand, token="other1"), "-"),
        ):
            pass


def test_a_pull_secret_is_copied_into_it(kube: Kube) -> None:
    secret = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "pull", "namespace": "default"}}
    kube.create(secret | {"type": "Opaque", "data": {"a": "Yg=="}})
    spec = SPEC.model_copy(update={"agent": SPEC.agent.model_copy(update={"pull_secret": "default/pull"})})

    with provide_namespace(kube, Run(spec=spec), "mine-2") as name:
        assert kube.get("Secret", "pull", name)["data"] == {"a": "Yg=="}

"""What `svcproof rbac` gives an account on a cluster that somebody else made: enough for runs, and not too much."""

import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from svcproof.kubernetes import metallb
from svcproof.kubernetes.api import Kube
from svcproof.kubernetes.cluster import rbac
from svcproof.kubernetes.objects.cluster_access import ClusterAccess
from svcproof.kubernetes.swap import install_proxy
from svcproof.model.cluster_spec import AddressSpan, MetalLBSpec
from svcproof.model.proxy_spec import Install, KubeProxy, ProxySpec
from tests.kind.conftest import Run
from tests.kind.overheard import overheard, right
from tests.kind.snapshot import at_rest, differences, snapshot

pytestmark = [pytest.mark.kind, pytest.mark.timeout(600), pytest.mark.xdist_group("kind")]

Right = tuple[str, str, str]
"""Namespace (`namespace`: any of those made beforehand; empty: everywhere), verb and resource."""
AREAS = ("--area", "cluster_ip", "--area", "endpoints", "--area", "environment")
RESTRICTED = {"pod-security.kubernetes.io/enforce": "restricted"}
OF_METALLB = {("", "list", "ipaddresspools.metallb.io"), ("", "list", "l2advertisements.metallb.io")}
ASKED_BY_OTHERS = {
    ("namespace", "create", "pods/exec"),  # which verb commands need depends on the version
    ("namespace", "get", "pods/exec"),
    ("namespace", "patch", "services/status"),  # where there is a load balancer
    ("namespace", "create", "endpointslices.discovery.k8s.io"),
    ("namespace", "delete", "endpointslices.discovery.k8s.io"),
    ("namespace", "list", "events"),  # when a check does not find what it expects
    ("kube-system", "get", "pods/log"),  # when the proxy is in trouble
    ("kube-system", "get", "services"),
    ("default", "get", "services"),
    ("", "list", "gatewayclasses.gateway.networking.k8s.io"),  # where there are such kinds
    ("", "list", "felixconfigurations.crd.projectcalico.org"),
}
"""Rights for which there need be no occasion in the runs that are listened to."""
REFUSED = {("", "list", "services"), ("", "create", "selfsubjectaccessreviews.authorization.k8s.io")}
"""What a run asks in passing and does without, and what everybody may."""


@dataclass(frozen=True, slots=True)
class Account:
    """`heard` is what it has asked so far."""

    kubeconfig: Path
    held: set[Right]
    names: tuple[str, ...]
    heard: set[tuple[str, str]]

    @property
    def asked(self) -> set[Right]:
        return {_anywhere(found, self.names) for one in self.heard if (found := right(*one))}


@contextmanager
def account(
    kube: Kube, svcproof: Run, directory: Path, namespaces: int, *more: str, **labels: str
) -> Iterator[Account]:
    """An account with what `svcproof rbac` prints, whose namespaces have more labels; all is removed afterwards."""
    names = rbac.names(namespaces)
    given = list(yaml.safe_load_all(svcproof("rbac", "--namespaces", namespaces, *more).stdout))
    for one in given:
        kube.apply(_labelled(one, labels) if one["kind"] == "Namespace" else one)
    try:
        with overheard(kube.server) as (url, heard):
            file = _kubeconfig(directory / "account", url, _token(kube, names[0]))
            yield Account(file, set(_rights(given, names)), names, heard)
    finally:
        for one in given:
            kind, metadata = f"{one['apiVersion']} {one['kind']}", one["metadata"]
            kube.delete(kind, metadata["name"], metadata.get("namespace", ""), missing_ok=True)
        for name in names:
            kube.wait_gone("Namespace", name, within=120)


@pytest.fixture
def kube(foreign_kubeconfig: Path) -> Iterator[Kube]:
    at_rest(foreign_kubeconfig)
    with closing(Kube(foreign_kubeconfig)) as made:
        yield made


@pytest.fixture
def with_metallb(kube: Kube, foreign_kubeconfig: Path, metallb_manifest: str, pool: AddressSpan) -> Iterator[None]:
    """Somebody has installed MetalLB there."""
    access = ClusterAccess(kube=kube, kubeconfig=foreign_kubeconfig, token="somebody", ends_with_run=False)
    with metallb.install(access, metallb.manifest(MetalLBSpec(manifest=metallb_manifest), print), (pool,), print):
        yield


def test_it_is_enough_in_restricted_namespaces_and_not_too_much(
    kube: Kube, foreign_kubeconfig: Path, svcproof: Run, agent_image: str, tmp_path: Path
) -> None:
    with account(kube, svcproof, tmp_path, 2, **RESTRICTED) as one:
        before = snapshot(foreign_kubeconfig)
        ended = run(svcproof, one, agent_image, tmp_path, *AREAS)
        left = differences(before, snapshot(foreign_kubeconfig))

    assert ended.returncode in (0, 3), ended.stdout  # nodes without zones block a check; nothing fails
    assert left == []
    assert one.asked - one.held <= REFUSED
    assert one.held - one.asked <= ASKED_BY_OTHERS | OF_METALLB


def test_more_of_it_is_enough_to_change_the_proxy_beside_metallb_and_not_too_much(
    kube: Kube, foreign_kubeconfig: Path, svcproof: Run, agent_image: str, tmp_path: Path, with_metallb: None
) -> None:
    with account(kube, svcproof, tmp_path, 4, "--for-proxy") as one:
        before = snapshot(foreign_kubeconfig)
        words = ("--proxy", "kube-proxy-nftables", "--workers", "2", "--area", "load_balancer")
        ended = run(svcproof, one, agent_image, tmp_path, *words)
        _take_off(one)
        left = differences(before, snapshot(foreign_kubeconfig))

    assert ended.returncode == 0, ended.stdout
    assert "load_balancer" in ended.stdout
    assert [line for line in left if "kube-system/kube-proxy" not in line.partition("\n")[0]] == []
    assert one.asked - one.held <= REFUSED
    assert {held for held in one.held - one.asked if held[0] != "namespace"} <= ASKED_BY_OTHERS


def run(svcproof: Run, one: Account, image: str, directory: Path, *words: str) -> Any:
    """Make a run of the core behaviours with an account."""
    mine = ("--kubeconfig", one.kubeconfig, "--image", image, "--profile", "core", "--results", directory / "run")
    return svcproof("run", *mine, *words)


def _take_off(one: Account) -> None:
    """Have no proxy for a moment, which takes more than another mode of kube-proxy does."""
    with closing(Kube(one.kubeconfig)) as kube:
        access = ClusterAccess(kube=kube, kubeconfig=one.kubeconfig, token="taken-off", ends_with_run=False)
        with install_proxy(access, ProxySpec(install=Install(kube_proxy=KubeProxy(mode="none"))), print) as there:
            assert there.description == "no proxy"


def _labelled(one: dict[str, Any], labels: dict[str, str]) -> dict[str, Any]:
    metadata = one["metadata"]
    return one | {"metadata": metadata | {"labels": metadata["labels"] | labels}}


def _rights(objects: list[dict[str, Any]], names: tuple[str, ...]) -> Iterator[Right]:
    for one in objects:
        for rule in one.get("rules", ()):
            for resource in rule["resources"]:
                for verb in rule["verbs"]:
                    whole, _, sub = resource.partition("/")
                    group = "".join(f".{group}" for group in rule["apiGroups"] if group)
                    found = f"{whole}{group}" + (f"/{sub}" if sub else "")
                    yield _anywhere((one["metadata"].get("namespace", ""), verb, found), names)


def _anywhere(found: Right, names: tuple[str, ...]) -> Right:
    """One word for any of the namespaces made beforehand; elsewhere a right of the ClusterRole is as good."""
    namespace, verb, resource = found
    return ("namespace" if namespace in names else namespace), verb, resource


def _token(kube: Kube, namespace: str) -> str:
    path = f"/api/v1/namespaces/{namespace}/serviceaccounts/svcproof/token"
    request = {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {"expirationSeconds": 3600}}
    code, said = kube.post(path, json.dumps(request).encode(), {"Content-Type": "application/json"}, 15.0)
    assert code == 201, said
    return str(json.loads(said)["status"]["token"])


def _kubeconfig(path: Path, server: str, token: str) -> Path:
    whole = {
        "current-context": "it",
        "contexts": [{"name": "it", "context": {"cluster": "it", "user": "it"}}],
        "clusters": [{"name": "it", "cluster": {"server": server}}],
        "users": [{"name": "it", "user": {"token": token}}],
    }
    path.write_text(yaml.safe_dump(whole))
    return path

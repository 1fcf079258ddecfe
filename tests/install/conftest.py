"""A cluster of real Kubernetes to install things into."""

import json
import subprocess
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from harness.install.site import Site
from harness.kube import Kube
from harness.model.cluster import Object


def on_node(node: str, url: str) -> int:
    """Ask on a node, which is a container of that name."""
    words = ("docker", "exec", node, "curl", "-s", "-o", "/dev/null", "-m", "3", "-w", "%{http_code}", url)
    return int(subprocess.run(words, capture_output=True, text=True, timeout=30).stdout or 0)


@pytest.fixture(scope="session")
def kubeconfig(foreign_kubeconfig: Path) -> Path:
    """The kubeconfig of a kind cluster whose kube-proxy runs in mode iptables."""
    return foreign_kubeconfig


@pytest.fixture(scope="session")
def kube(kubeconfig: Path) -> Iterator[Kube]:
    client = Kube(kubeconfig)
    yield client
    client.close()


@pytest.fixture
def site(kube: Kube, kubeconfig: Path, request: pytest.FixtureRequest) -> Site:
    token = f"{request.node.name[:30].strip('_').replace('_', '-').replace('[', '-').replace(']', '')}"
    return Site(kube=kube, kubeconfig=kubeconfig, token=token.strip("-"), own=False, ask=on_node)


@pytest.fixture
def everything(kube: Kube) -> Callable[[], Mapping[str, Object]]:
    return lambda: all_objects(kube)


def all_objects(kube: Kube) -> dict[str, Object]:
    """Every object of the cluster by its path, without what the cluster itself keeps changing."""
    found: dict[str, Object] = {}
    groups = json.loads(kube.fetch("/apis", 10)[1])["groups"]
    roots = ["/api/v1", *(f"/apis/{group['preferredVersion']['groupVersion']}" for group in groups)]
    for root in roots:
        for kind in json.loads(kube.fetch(root, 10)[1])["resources"]:
            if "list" not in kind["verbs"] or "/" in kind["name"] or kind["name"] in ("events", "leases"):
                continue
            for one in json.loads(kube.fetch(f"{root}/{kind['name']}", 30)[1])["items"]:
                metadata = one["metadata"]
                for key in ("managedFields", "resourceVersion", "generation"):
                    metadata.pop(key, None)
                one.pop("status", None)
                found[f"{root}/{kind['name']}/{metadata.get('namespace', '')}/{metadata['name']}"] = one
    return found

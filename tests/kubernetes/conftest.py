"""A cluster of real Kubernetes to install things into."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

import pytest

from svcproof.json_objects import Object
from svcproof.kubernetes.api import Kube
from svcproof.kubernetes.kind import engine, provisioning
from svcproof.kubernetes.objects.cluster_access import ClusterAccess
from tests.kind.snapshot import snapshot


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
def access(kube: Kube, kubeconfig: Path, request: pytest.FixtureRequest) -> ClusterAccess:
    token = f"{request.node.name[:30].strip('_').replace('_', '-').replace('[', '-').replace(']', '')}"
    return ClusterAccess(
        kube=kube,
        kubeconfig=kubeconfig,
        token=token.strip("-"),
        ends_with_run=False,
        status_on_node=partial(provisioning.http_status, engine.find()),
    )


@pytest.fixture
def everything(kubeconfig: Path) -> Callable[[], Mapping[str, Object]]:
    return lambda: snapshot(kubeconfig)

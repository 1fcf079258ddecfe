"""The fixtures that every project sees which has svcproof installed: one per session, each with our prefix.

They hold what there is one of, whoever asks for it: our own suites or somebody else's. The short names that checks use,
such as `client` and `db`, are in `svcproof.plugin.fixtures`: other projects have fixtures of these names.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from svcproof.entry.loading import load_plugin

if TYPE_CHECKING:
    from svcproof.kubernetes.api import Kube
    from svcproof.model.cluster import Cluster
    from svcproof.plugin.bystanders.making import Standing
    from svcproof.plugin.session import Leases, Sample


@pytest.fixture(scope="session")
def svcproof_cluster(pytestconfig: pytest.Config) -> "Iterator[Cluster]":
    """The cluster under test, up, with the proxy in it."""
    load_plugin(pytestconfig)
    from svcproof.plugin.collection import load_stages
    from svcproof.plugin.session import cluster_under_test

    load_stages(pytestconfig)

    with cluster_under_test(pytestconfig) as cluster:
        yield cluster


@pytest.fixture(scope="session")
def svcproof_kube(svcproof_cluster: "Cluster", pytestconfig: pytest.Config) -> "Iterator[Kube]":
    """The cluster's API."""
    from svcproof.plugin.session import api

    with api(pytestconfig, svcproof_cluster) as kube:
        yield kube


@pytest.fixture(scope="session")
def svcproof_namespace(
    svcproof_kube: "Kube", svcproof_cluster: "Cluster", pytestconfig: pytest.Config
) -> Iterator[str]:
    """A namespace of this process's own."""
    from svcproof.plugin.session import own_namespace

    with own_namespace(pytestconfig, svcproof_kube, svcproof_cluster) as name:
        yield name


@pytest.fixture(scope="session")
def svcproof_sample(
    svcproof_kube: "Kube", svcproof_cluster: "Cluster", svcproof_namespace: str, pytestconfig: pytest.Config
) -> "Iterator[Sample]":
    """The sample pods of the run, by role."""
    from svcproof.plugin.session import sample_pods

    with sample_pods(pytestconfig, svcproof_kube, svcproof_cluster, svcproof_namespace) as sample:
        yield sample


@pytest.fixture(scope="session")
def svcproof_leases(svcproof_cluster: "Cluster", pytestconfig: pytest.Config) -> "Leases":
    """The addresses and ports that this process may choose."""
    from svcproof.plugin.session import leases

    return leases(pytestconfig, svcproof_cluster)


@pytest.fixture(scope="session")
def svcproof_bystanders(
    svcproof_sample: "Sample", svcproof_leases: "Leases", pytestconfig: pytest.Config
) -> "Iterator[Standing]":
    """The bystanders of this process, or why there are none."""
    from svcproof.plugin.bystanders.making import bystanders

    with bystanders(pytestconfig, svcproof_sample, svcproof_leases) as standing:
        yield standing


@pytest.fixture
def svcproof_repeat(request: pytest.FixtureRequest) -> int:
    """Number of this repeat, from 1."""
    return int(request.param)

"""The part of a provider that is alike for all clusters reached by their API: the processes of a run share one."""

from collections.abc import Collection, Sequence
from contextlib import AbstractContextManager, closing

from svcproof.kubernetes.cluster.api_cluster import ApiCluster
from svcproof.kubernetes.cluster.reach import from_handle
from svcproof.model.cluster import Cluster
from svcproof.model.cluster_spec import ClusterSpec
from svcproof.model.proxy_spec import ProxySpec


def join(spec: ClusterSpec, proxy: ProxySpec, handle: str) -> AbstractContextManager[Cluster]:
    """The cluster that another process of the run has up."""
    return closing(ApiCluster(from_handle(handle)))


def remove_leftovers_of(processes: Collection[int]) -> None:
    """Remove nothing: the controlling process removes the shared cluster, or clears it up."""


def fault_problems(faults: Sequence[str]) -> list[str]:
    """Refuse every fault."""
    return [f"only a lab can have the fault {name}" for name in faults]

"""The walk from a proxy's declaration to its running pods, in a cluster that is not the lab."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from svcproof.errors import ProvisionError
from svcproof.kubernetes.api import Kube
from svcproof.kubernetes.objects.cluster_access import ClusterAccess
from svcproof.kubernetes.objects.rollout import await_rollout, title_of
from svcproof.kubernetes.swap import kube_proxy_changes, proxy_under_test
from svcproof.kubernetes.swap.change_record import ChangeRecord
from svcproof.kubernetes.swap.install_methods import install_method
from svcproof.kubernetes.swap.kube_proxy import find_kube_proxy, require_kube_proxy
from svcproof.kubernetes.swap.proxy_under_test import NO_PROXY, ProxyUnderTest
from svcproof.kubernetes.swap.readiness import await_ready
from svcproof.kubernetes.swap.undo import undo_changes
from svcproof.limits import Provision
from svcproof.model.cluster import Progress
from svcproof.model.proxy_spec import ProxySpec

REMEDY = "use a cluster that was made without one, or test what is there with --proxy cluster-default"


def kube_proxy_mode_for_kind(proxy: ProxySpec) -> str:
    """The kubeProxyMode of a kind cluster that is made for this proxy; empty: kind's default."""
    if proxy.install.cluster_default:
        return ""
    return proxy.install.kube_proxy.mode if proxy.install.kube_proxy else "none"


def is_present(kube: Kube, proxy: ProxySpec) -> bool:
    """True if the cluster has the proxy under test already, and nothing is to be installed."""
    name = proxy.install.daemon_set
    return bool(proxy.install.cluster_default or (name and proxy_under_test.from_name(kube, name)))


@contextmanager
def install_proxy(access: ClusterAccess, proxy: ProxySpec, progress: Progress) -> Iterator[ProxyUnderTest]:
    """Get the proxy into the cluster; on leaving, put back what was there, unless the cluster goes as well.

    Raises ProvisionError if that cannot be done, or the proxy does not become ready in the time it declares.
    """
    record = ChangeRecord(access.kube, access.token, proxy.name)
    try:
        under_test = _exchange(access, proxy, record, progress)
        for workload in under_test.workloads:
            progress(f"waiting for {title_of(workload)}")
            await_rollout(access.kube, workload, Provision.PROXY_READY.of(proxy.ready.within))
        if under_test is not NO_PROXY:
            await_ready(access, proxy, under_test.daemon_set, progress)
        yield under_test
    finally:
        if record.begun and not access.ends_with_run:
            undo_changes(access.kube, access.kubeconfig, record.changes, progress)


def _exchange(access: ClusterAccess, proxy: ProxySpec, record: ChangeRecord, progress: Progress) -> ProxyUnderTest:
    """Change the cluster as the declaration says, without waiting for the proxy."""
    if proxy.install.cluster_default:
        return proxy_under_test.existing(access.kube)
    name = proxy.install.daemon_set
    if name and (present := proxy_under_test.from_name(access.kube, name)):
        progress(f"testing {present.description} as it is in this cluster")
        return present
    if proxy.install.kube_proxy and proxy.install.kube_proxy.mode != "none":
        return _with_kube_proxy(access, proxy.install.kube_proxy.mode, record, progress)
    return _without_kube_proxy(access, proxy, record, progress)


def _with_kube_proxy(access: ClusterAccess, mode: str, record: ChangeRecord, progress: Progress) -> ProxyUnderTest:
    """Have the cluster's kube-proxy run in the declared mode."""
    kube_proxy = require_kube_proxy(access.kube)
    if kube_proxy.mode != mode:
        kube_proxy_changes.change_mode(access.kube, kube_proxy, mode, record, progress)
    return replace(proxy_under_test.from_kube_proxy(kube_proxy, mode), workloads=(kube_proxy.daemon_set,))


def _without_kube_proxy(
    access: ClusterAccess, proxy: ProxySpec, record: ChangeRecord, progress: Progress
) -> ProxyUnderTest:
    """Take kube-proxy off the nodes, if it is there, and install what the declaration names instead, if anything."""
    method = install_method(proxy.install)
    _refuse_other_proxies(access)
    if method:
        method.check(access)
    kube_proxy = find_kube_proxy(access.kube)
    if kube_proxy and kube_proxy.is_scheduled:
        kube_proxy_changes.remove_from_nodes(access.kube, kube_proxy, access.token, record, progress)
    if method is None:
        return NO_PROXY
    workloads = method.install(access, record, progress)
    return proxy_under_test.from_workloads(workloads, proxy.title or proxy.name)


def _refuse_other_proxies(access: ClusterAccess) -> None:
    """Raise ProvisionError if Services are served by something that cannot be taken off the nodes."""
    if other := proxy_under_test.kube_proxy_replacement(access.kube):
        raise ProvisionError(f"{other.description} serves Services in this cluster already; {REMEDY}")
    if version := proxy_under_test.distribution_with_kube_proxy_inside(access.kube):
        raise ProvisionError(f"{version} runs kube-proxy inside itself, and it cannot be taken off the nodes; {REMEDY}")

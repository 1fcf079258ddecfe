"""The proxy under test, in a cluster that is not the lab, for as long as a context lasts."""

from collections.abc import Iterator
from contextlib import contextmanager

from svcproof.errors import ProvisionError
from svcproof.kubernetes.objects.rollout import called, rolled_out
from svcproof.kubernetes.objects.site import Site
from svcproof.kubernetes.swap import kube_proxy, present, switch, ways
from svcproof.kubernetes.swap.installed import Installed, of_daemon_set, of_kube_proxy
from svcproof.kubernetes.swap.ready import ready
from svcproof.kubernetes.swap.record import Journal
from svcproof.kubernetes.swap.undo import undo
from svcproof.model.cluster import Progress
from svcproof.model.proxy_spec import ProxySpec

INSTEAD = "use a cluster that was made without one, or test what is there with --proxy cluster-default"


@contextmanager
def installed(site: Site, proxy: ProxySpec, progress: Progress) -> Iterator[Installed]:
    """Get the proxy into the cluster; on leaving, put back what was there, unless the cluster goes as well.

    Raises ProvisionError where that cannot be done, or the proxy does not become ready in the time it declares.
    """
    journal = Journal(site.kube, site.token, proxy.name)
    try:
        yield _installed(site, proxy, journal, progress)
    finally:
        if journal.begun and not site.own:
            undo(site.kube, site.kubeconfig, journal.record, progress)


def kind_mode(proxy: ProxySpec) -> str:
    """Return the kubeProxyMode that kind makes a cluster for this proxy with; empty: kind's default."""
    if proxy.install.cluster_default:
        return ""
    return proxy.install.kube_proxy.mode if proxy.install.kube_proxy else "none"


def _installed(site: Site, proxy: ProxySpec, journal: Journal, progress: Progress) -> Installed:
    install = proxy.install
    if install.cluster_default:
        there = present.present(site.kube)
        ready(site, proxy.ready, None)
        return there
    if install.kube_proxy and install.kube_proxy.mode != "none":
        return _kube_proxy(site, proxy, install.kube_proxy.mode, journal, progress)
    return _in_its_place(site, proxy, journal, progress)


def _kube_proxy(site: Site, proxy: ProxySpec, mode: str, journal: Journal, progress: Progress) -> Installed:
    found = kube_proxy.wanted(site.kube)
    if found.mode != mode:
        switch.to_mode(site.kube, found, mode, journal, progress)
    progress(f"waiting for kube-proxy, mode {mode}, on every node")
    rolled_out(site.kube, found.daemon_set, proxy.ready.within)
    ready(site, proxy.ready, found.daemon_set)
    return of_kube_proxy(found, mode)


def _in_its_place(site: Site, proxy: ProxySpec, journal: Journal, progress: Progress) -> Installed:
    """Take kube-proxy off, where it is, and install what is to serve Services instead, which may be nothing."""
    kube, way = site.kube, ways.way(proxy.install)
    if there := present.other(kube):
        raise ProvisionError(f"{there.what} serves Services in this cluster already; {INSTEAD}")
    if version := present.embedded(kube):
        raise ProvisionError(f"{version} runs kube-proxy inside itself, where it cannot be taken off; {INSTEAD}")
    if way:
        way.check(site)
    found = kube_proxy.find(kube)
    if found and found.daemon_set["status"]["desiredNumberScheduled"]:
        switch.take_off(kube, found, site.token, journal, progress)
    if way is None:
        return Installed(what="no proxy", versions={})
    workloads = way.install(site, journal, progress)
    for workload in workloads:
        progress(f"waiting for {called(workload)}")
        rolled_out(kube, workload, proxy.ready.within)
    daemon_set = next((one for one in workloads if one["kind"] == "DaemonSet"), None)
    progress(f"waiting until {proxy.name} is ready on every node")
    ready(site, proxy.ready, daemon_set)
    title = proxy.title or proxy.name
    return of_daemon_set(daemon_set, title) if daemon_set else Installed(what=title, versions={})

"""A cluster that exists, reached through a kubeconfig: never made, never deleted, left as it was."""

import os
import secrets
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from dataclasses import replace
from pathlib import Path

from harness import ledger
from harness.cluster import kubeconfig, preflight, trial
from harness.cluster.api_cluster import ApiCluster
from harness.cluster.outside import here
from harness.cluster.reach import ProxyPods, Reach, from_handle
from harness.errors import UsageError
from harness.install import namespace
from harness.install.proxy import Installed, installed
from harness.install.site import Site
from harness.kube import Kube
from harness.model.cluster import Cluster, Leftover, Progress
from harness.model.cluster_spec import ClusterSpec
from harness.model.proxy_spec import ProxySpec
from harness.model.vocabulary import Capability


def capabilities(spec: ClusterSpec) -> Mapping[Capability, str]:
    """What the cluster has not, with the reason, found by looking at it."""
    with tempfile.TemporaryDirectory(prefix="svcproof-") as directory:
        copy = kubeconfig.copied(spec.kubeconfig.path, spec.kubeconfig.context, os.environ, Path(directory))
        with closing(Kube(copy)) as kube:
            return preflight.look(kube, spec).lacking


@contextmanager
def up(spec: ClusterSpec, proxy: ProxySpec, *, faults: tuple[str, ...], progress: Progress) -> Iterator[ApiCluster]:
    """Get the proxy in, where one is asked for; leaving the context puts back what was there."""
    if faults:
        raise UsageError("faults are the lab's alone")
    with ExitStack() as until:
        entry = ledger.begin("kubeconfig")
        until.callback(ledger.end, entry)
        copy = kubeconfig.copied(spec.kubeconfig.path, spec.kubeconfig.context, os.environ, entry.directory)
        kube = until.enter_context(closing(Kube(copy)))
        progress("looking at the cluster")
        found = preflight.look(kube, spec)
        until.callback(tidy, kube, found.namespaces, entry.token, progress)
        site = Site(kube=kube, kubeconfig=copy, token=entry.token, own=False)
        under_test = until.enter_context(installed(site, proxy, progress))
        reach = trial.tried(kube, _reach(found, site, under_test, kube.version()), progress)
        if found.sources:
            place = until.enter_context(here.running(entry, found.sources, reach.secret))
            reach = replace(reach, outside=(place,))
        yield until.enter_context(closing(ApiCluster(reach)))


def tidy(kube: Kube, namespaces: tuple[str, ...], token: str, progress: Progress) -> None:
    """Remove what a run has left in namespaces, and return once it is gone."""
    progress("removing what is left in namespaces of this run")
    if not namespaces:
        namespace.remove(kube, token)
    for name in namespaces:
        if namespace.holder(kube, name) == token:
            namespace.release(kube, name, token)


def join(spec: ClusterSpec, proxy: ProxySpec, handle: str) -> AbstractContextManager[Cluster]:
    """The cluster that another process of the run has up."""
    return closing(ApiCluster(from_handle(handle)))


def leftovers() -> tuple[Leftover, ...]:
    """What killed runs have left in clusters."""
    return ()


def _reach(found: preflight.Found, site: Site, under_test: Installed, version: str) -> Reach:
    return Reach(
        spec=found.spec,
        kubeconfig=str(site.kubeconfig),
        token=site.token,
        secret=secrets.token_hex(16),
        image=found.spec.agent.image,
        pull_secret=found.spec.agent.pull_secret.rpartition("/")[2],
        nodes=found.nodes,
        namespaces=found.namespaces,
        lacking=dict(found.lacking),
        versions={"kubernetes": version, **under_test.versions},
        proxy=ProxyPods(namespace=under_test.namespace, selector=under_test.selector),
    )

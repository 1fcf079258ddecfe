"""The cluster of this run: what it will not have, who brings it up, and how the processes of a run share one."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest

from svcproof import providers
from svcproof.errors import ProvisionError, SvcproofError
from svcproof.interrupts import deferred
from svcproof.model.behaviour import Behaviour
from svcproof.model.cluster import Cluster, Progress
from svcproof.model.releases import Releases
from svcproof.model.vocabulary import Capability
from svcproof.plugin.cluster_end import HELD, watched
from svcproof.plugin.ending import without_cluster
from svcproof.plugin.options import WANTED, wanted
from svcproof.plugin.processes import is_worker, leave, left, worker_processes, workers

CLUSTER = pytest.StashKey[Cluster]()
NAMESPACE = pytest.StashKey[str]()
"""The namespace of this process in it."""
LACKING = pytest.StashKey[Mapping[Capability, str]]()
SHARED = "shared.json"


def lacking(config: pytest.Config) -> Mapping[Capability, str]:
    """The capabilities that the cluster lacks, with reasons: asked before it is made, and again when it is up.

    Ends the run where it cannot be used.
    """
    if LACKING not in config.stash:
        with without_cluster(config):
            if is_worker(config):
                shared = _shared(config)["lacking"]
                config.stash[LACKING] = {Capability(name): reason for name, reason in shared.items()}
            else:
                spec = wanted(config).cluster
                config.stash[LACKING] = providers.find(spec.provider).capabilities(spec)
    return config.stash[LACKING]


def _shared(config: pytest.Config) -> dict[str, Any]:
    """The handle that the controlling process has left; raises ProvisionError if the shared cluster did not come up."""
    shared: dict[str, Any] = json.loads(left(config, SHARED))
    if shared["error"]:
        raise ProvisionError(shared["error"])
    return shared


def share(config: pytest.Config, behaviours: Sequence[Behaviour], progress: Progress, until: ExitStack) -> None:
    """In the controlling process, before workers make checks: tell them of the cluster they have in common.

    Where there is one and any check will need it, it is brought up now and torn down when `until` closes. Where it does
    not come up the run ends, or, where there are other tests, the workers are told why.
    """
    handle = error = ""
    lacks: Mapping[Capability, str] = {}
    try:
        if wanted(config).cluster.shared and any(
            not behaviour.capabilities & lacking(config).keys() for behaviour in behaviours
        ):
            handle = _brought_up(config, progress, until).handle
        lacks = lacking(config)
    except SvcproofError as why:
        error = str(why)
    leave(config, SHARED, json.dumps({"lacking": dict(lacks), "handle": handle, "error": error}).encode())


@contextmanager
def present(config: pytest.Config, progress: Progress) -> Iterator[Cluster]:
    """In a process that makes checks: the cluster they are made on, for the time of the context."""
    asked = wanted(config)
    with ExitStack() as until:
        config.stash[HELD] = until
        if is_worker(config) and asked.cluster.shared:
            with without_cluster(config):
                handle = _shared(config)["handle"]
                joined = providers.find(asked.cluster.provider).join(asked.cluster, asked.proxy, handle)
                cluster = until.enter_context(joined)
        else:
            cluster = _brought_up(config, progress, until)
        config.stash[CLUSTER] = cluster
        until.enter_context(watched(config, cluster))
        yield cluster
        del config.stash[CLUSTER]


def _brought_up(config: pytest.Config, progress: Progress, until: ExitStack) -> Cluster:
    asked = wanted(config)
    provider = providers.find(asked.cluster.provider)
    with without_cluster(config):
        coming = provider.up(
            asked.cluster, asked.proxy, faults=asked.given.faults, progress=progress, workers=workers(config)
        )
        cluster = until.enter_context(coming)
    config.stash[LACKING] = cluster.lacking
    return cluster


def versions(config: pytest.Config) -> dict[str, str]:
    """Component to version; empty where there is no cluster."""
    cluster = config.stash.get(CLUSTER, None)
    return dict(cluster.versions) if cluster is not None else {}


def releases(config: pytest.Config) -> Releases:
    """The releases that promises are judged by; not known where there is no cluster."""
    ignored = config.option.svcproof_ignore_release
    return Releases.found(versions(config), wanted(config).proxy.kubernetes, ignored=ignored)


def remove_leftovers_of_killed_workers(config: pytest.Config) -> None:
    """Remove what workers that are gone could not remove themselves; raises OSError or SvcproofError."""
    processes = worker_processes(config)
    if processes and WANTED in config.stash:
        with deferred():
            providers.find(wanted(config).cluster.provider).remove_leftovers_of(processes)

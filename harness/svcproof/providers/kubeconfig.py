"""A cluster that exists, reached through a kubeconfig: never made, never deleted, left as it was."""

import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from pathlib import Path

from svcproof import ledger
from svcproof.errors import UsageError
from svcproof.kubernetes import metallb
from svcproof.kubernetes.api import Kube
from svcproof.kubernetes.cluster import cleanup, first_agent, kubeconfig, missing_capabilities, preflight
from svcproof.kubernetes.cluster.api_cluster import ApiCluster
from svcproof.kubernetes.cluster.outside import clients
from svcproof.kubernetes.cluster.permissions import require_permissions
from svcproof.kubernetes.cluster.preflight import Found
from svcproof.kubernetes.cluster.reach import ProxyPods, Reach
from svcproof.kubernetes.cluster.shared import fault_problems
from svcproof.kubernetes.cluster.shared import join as join
from svcproof.kubernetes.cluster.shared import remove_leftovers_of as remove_leftovers_of
from svcproof.kubernetes.kind import container_nodes
from svcproof.kubernetes.kind.container_nodes import ContainerNodes
from svcproof.kubernetes.objects.cluster_access import ClusterAccess
from svcproof.kubernetes.swap import ProxyUnderTest, install_proxy, is_present
from svcproof.ledger import LeftAlone, scratch
from svcproof.model.cluster import Leftover, Progress
from svcproof.model.cluster_spec import ClusterSpec
from svcproof.model.proxy_spec import ProxySpec
from svcproof.model.vocabulary import Capability


def capabilities(spec: ClusterSpec) -> Mapping[Capability, str]:
    """The capabilities that the cluster lacks, with the reasons, found by looking at it."""
    with scratch.scratch() as directory:
        copy = kubeconfig.copied(spec.kubeconfig.path, spec.kubeconfig.context, os.environ, directory)
        with closing(Kube(copy)) as kube:
            return _look(kube, spec)[0].lacking


@contextmanager
def up(
    spec: ClusterSpec, proxy: ProxySpec, *, faults: tuple[str, ...], progress: Progress, workers: int = 1
) -> Iterator[ApiCluster]:
    """Get the proxy in, where one is asked for; leaving the context puts back what was there."""
    if problems := fault_problems(faults):
        raise UsageError(problems)
    with ExitStack() as until:
        entry = ledger.begin("kubeconfig")
        until.enter_context(cleanup.cleaning_up_after(entry, progress))
        copy = kubeconfig.copied(spec.kubeconfig.path, spec.kubeconfig.context, os.environ, entry.directory)
        kube = until.enter_context(closing(Kube(copy)))
        progress("looking at the cluster")
        existing, containers = _look(kube, spec)
        preflight.check_room(existing.namespaces, workers)
        with_metallb = existing.spec.metallb.install and not metallb.existing_load_balancer(kube)
        changes = not is_present(kube, proxy)
        require_permissions(kube, proxy=changes, metallb=with_metallb)
        entry.note(server=kube.server, namespaces=existing.namespaces, metallb=with_metallb, proxy=changes)
        access = ClusterAccess(kube=kube, kubeconfig=copy, token=entry.token, ends_with_run=False)
        under_test = until.enter_context(install_proxy(access, proxy, progress))
        reach = first_agent.try_first_agent(kube, _reach(existing, access, under_test, kube.version()), progress)
        if with_metallb:
            manifest = metallb.manifest(existing.spec.metallb, progress)
            until.enter_context(metallb.install(access, manifest, existing.spec.load_balancer_pool, progress))
        reach = replace(reach, versions={**reach.versions, **metallb.versions(kube)})
        if containers:
            progress("starting the clients outside, in containers on the network of the nodes")
            outside = container_nodes.running(containers, existing.spec, reach.image, reach.secret)
        else:
            outside = clients.running(entry, existing.outside, reach.secret)
        places = until.enter_context(outside)
        complete = replace(reach, outside=places, evidence=proxy.evidence.commands)
        yield until.enter_context(closing(ApiCluster(complete)))


def leftovers() -> tuple[Leftover | LeftAlone, ...]:
    """The leftovers of killed runs in clusters, and their containers beside the nodes."""
    return (*cleanup.find_killed_runs(), *container_nodes.leftovers())


def leftovers_in(path: str, context: str, directory: Path) -> tuple[Leftover, ...]:
    """The leftovers of runs in the cluster that a kubeconfig leads to, wherever they ran.

    `directory` holds a copy of the kubeconfig as long as these are removed. Those alive on this machine are left out.
    """
    return cleanup.find_runs_in(kubeconfig.copied(path, context, os.environ, directory))


def _look(kube: Kube, spec: ClusterSpec) -> tuple[Found, ContainerNodes | None]:
    """Look at the cluster, and for clients outside, where none are declared, that are containers beside its nodes.

    Such clients take nodes that are containers of this machine, and an engine that has the image of the sample pods.
    """
    existing = preflight.look(kube, spec)
    containers = None if spec.kubeconfig.outside or not spec.outside else container_nodes.find(existing.nodes)
    if containers is None:
        return existing, None
    lacking, image, engine = dict(existing.lacking), spec.agent.image, containers.engine
    if not engine.has_image(image):
        lacking[Capability.TWO_OUTSIDE_CLIENTS] = (
            f"the nodes are containers of {engine.name}, and others can be clients outside once it has the image "
            f"{image}: {engine.name} pull {image}"
        )
        return replace(existing, lacking=lacking), None
    spec = existing.spec.model_copy(update={"external_ranges": container_nodes.external_ranges(existing.spec)})
    inside = {capability: why for capability, why in lacking.items() if capability not in missing_capabilities.OUTSIDE}
    of_clients = missing_capabilities.from_outside(containers.clients(spec), spec)
    return replace(existing, spec=spec, lacking=inside | of_clients), containers


def _reach(existing: Found, access: ClusterAccess, under_test: ProxyUnderTest, version: str) -> Reach:
    return Reach(
        spec=existing.spec,
        kubeconfig=str(access.kubeconfig),
        token=access.token,
        secret=secrets.token_hex(16),
        image=existing.spec.agent.image,
        pull_secret=existing.spec.agent.pull_secret.rpartition("/")[2],
        nodes=existing.nodes,
        namespaces=existing.namespaces,
        lacking=dict(existing.lacking),
        versions={"kubernetes": version, **under_test.versions},
        proxy=ProxyPods(namespace=under_test.namespace, selector=under_test.selector),
    )

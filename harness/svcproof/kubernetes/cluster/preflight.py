"""A look at a cluster that exists, before anything is made in it: whether and how a run can go there."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from svcproof.errors import ProbeError, ProvisionError, Rejected, UsageError
from svcproof.json_objects import Object
from svcproof.kubernetes import metallb
from svcproof.kubernetes.api import Kube
from svcproof.kubernetes.cluster import discovery, missing_capabilities
from svcproof.kubernetes.cluster.outside import clients
from svcproof.kubernetes.cluster.outside.clients import Client
from svcproof.kubernetes.cluster.permissions import Right, may
from svcproof.kubernetes.cluster.rbac import BEFOREHAND
from svcproof.model.cluster import Node
from svcproof.model.cluster_spec import ClusterSpec
from svcproof.model.vocabulary import Capability

OWN_NAMESPACES = (
    Right("create", "namespaces"),
    Right("delete", "namespaces"),
    Right("create", "pods"),
    Right("create", "services"),
    Right("create", "configmaps"),
)
"""The rights it takes, everywhere, to make namespaces for a run and work in them."""
PER_WORKER = 2
"""Namespaces that a worker uses at once: one for its sample pods, and one for checks across namespaces."""
NO_POOL = (
    "--install-metallb needs to know which addresses of the nodes' network nobody has: write a declaration with "
    "provider: kubeconfig and loadBalancerPool: [{first: ..., last: ...}], and name it with --cluster"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The cluster as it was found. `spec` is the declaration, completed."""

    spec: ClusterSpec
    nodes: tuple[Node, ...]
    namespaces: tuple[str, ...]
    """Made beforehand; empty: runs make their own."""
    outside: tuple[Client, ...]
    lacking: Mapping[Capability, str]


def look(kube: Kube, spec: ClusterSpec) -> Found:
    """Look at the cluster; raises ProvisionError where no run is possible in it."""
    with refusals_explained(kube.server):
        objects = kube.list("Node")
    nodes = discovery.chosen(objects)
    if not nodes:
        reasons = (
            "; ".join(f"{node['metadata']['name']}: {discovery.unfit(node)}" for node in objects) or "there are none"
        )
        raise ProvisionError(f"no node can run the sample pods: {reasons}. Wait for one that is Ready, or uncordon one")
    completed = _completed(kube, spec, objects)
    if spec.metallb.install and not completed.load_balancer_pool:
        raise UsageError(NO_POOL)
    beforehand = namespaces(kube)
    outside = clients.find(completed, objects, nodes)
    return Found(
        spec=completed,
        nodes=nodes,
        namespaces=beforehand,
        outside=outside.found,
        lacking=missing_capabilities.missing_capabilities(kube, completed, objects, nodes, beforehand, outside),
    )


def namespaces(kube: Kube) -> tuple[str, ...]:
    """Namespaces made beforehand; none where this account makes its own. Raises ProvisionError where it has neither."""
    missing = [right for right in OWN_NAMESPACES if not may(kube, right)]
    if not missing:
        return ()
    try:
        labelled = kube.list("Namespace", labels=f"{BEFOREHAND}=true")
    except Rejected:
        labelled = []
    names = tuple(
        namespace["metadata"]["name"] for namespace in labelled if not namespace["metadata"].get("deletionTimestamp")
    )
    if not names:
        raise ProvisionError(
            f"this account may not {' nor '.join(map(str, missing))} in all namespaces, and none has the label "
            f"{BEFOREHAND}=true. Have an administrator make some: svcproof rbac | kubectl apply -f -"
        )
    return names


def check_room(namespaces: tuple[str, ...], workers: int) -> None:
    """Raise UsageError where namespaces were made beforehand, and too few for so many workers."""
    needed = workers * PER_WORKER
    if namespaces and len(namespaces) < needed:
        fewer = len(namespaces) // PER_WORKER
        remedy = f"use --workers {fewer}, or have" if fewer else "have"
        raise UsageError(
            f"each worker needs {PER_WORKER} namespaces of its own, so {workers} need {needed}, and {len(namespaces)} "
            f"have the label {BEFOREHAND}=true ({', '.join(namespaces)}): {remedy} an administrator make more: "
            f"svcproof rbac --namespaces {needed} | kubectl apply -f -"
        )


def _completed(kube: Kube, spec: ClusterSpec, objects: list[Object]) -> ClusterSpec:
    discovered = discovery.completed(kube, spec, objects)
    additions = {
        "families": discovery.families(discovered.service_ranges),
        "load_balancer_pool": spec.load_balancer_pool or metallb.address_pools(kube),
    }
    return discovered.model_copy(update=additions)


LOG_IN = "The credentials in the kubeconfig are not accepted, or have expired: log in again"
NO_RIGHT = "Have an administrator give this account what a run needs: svcproof rbac | kubectl apply -f -"


@contextmanager
def refusals_explained(server: str) -> Iterator[None]:
    """Raise ProvisionError, with a remedy, where the API server does not answer what is asked inside, or refuses it.

    `server` is its address in the kubeconfig.
    """
    try:
        yield
    except Rejected as refusal:
        raise ProvisionError(f"{refusal}\n{LOG_IN if refusal.code == 401 else NO_RIGHT}") from refusal
    except ProbeError as trouble:
        remedy = f"Is the cluster at {server} up, and does kubectl get nodes work from here with this kubeconfig?"
        raise ProvisionError(f"{trouble}\n{remedy}") from trouble

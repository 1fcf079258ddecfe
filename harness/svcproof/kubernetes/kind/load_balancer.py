"""MetalLB in a kind cluster, and its addresses in the network of the nodes, which several clusters share."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from filelock import FileLock
from pydantic import TypeAdapter, ValidationError

from svcproof import ledger
from svcproof.disk import UnreadableError, read_json, remove_tree, write_private
from svcproof.errors import ProvisionError, UsageError
from svcproof.kubernetes import metallb
from svcproof.kubernetes.cluster import health
from svcproof.kubernetes.cluster.reach import ProxyPods
from svcproof.kubernetes.kind.engine import Engine, Network, existing_network, network
from svcproof.kubernetes.kind.tools import MadeCluster, Tools
from svcproof.kubernetes.objects.cluster_access import ClusterAccess
from svcproof.limits import Provision
from svcproof.model.cluster import Progress
from svcproof.model.cluster_spec import AddressSpan, ClusterSpec
from svcproof.model.vocabulary import Capability


@dataclass(frozen=True, slots=True)
class LoadBalancer:
    """The versions of MetalLB by component, or the reason why there is none."""

    versions: Mapping[str, str]
    lacking: Mapping[Capability, str] = field(default_factory=dict)


def provide_load_balancer(
    tools: Tools,
    cluster: MadeCluster,
    spec: ClusterSpec,
    lacking: Mapping[Capability, str],
    access: ClusterAccess,
    proxy: ProxyPods,
    progress: Progress,
) -> LoadBalancer:
    """Install MetalLB, unless something serves Services of type LoadBalancer; in a kept cluster it stays.

    It needs Services that work, and so a proxy that does. Where it does not come up, that must not keep the proxy's
    faults from being seen: it is lacking then. Raises ProvisionError where the proxy does not even run.
    """
    if Capability.LOAD_BALANCER in lacking or metallb.existing_load_balancer(access.kube):
        return LoadBalancer(metallb.versions(access.kube))
    entry, manifest = cluster.entry, metallb.manifest(spec.metallb, progress)
    pool = claim_pool(tools, cluster.name, spec, network(tools.engine))
    entry.note(metallb="begun")
    try:
        with metallb.install(replace(access, ends_with_run=True), manifest, pool, progress):
            entry.note(metallb="done")
    except ProvisionError as error:
        if why := health.proxy_trouble(access.kube, proxy):
            raise ProvisionError(f"the proxy under test does not run: {why}") from error
        progress("removing MetalLB, which did not come up")
        metallb.remove(access.kube, access.token)
        entry.note(metallb="")
        reason = f"MetalLB, which needs Services that work, did not come up: {str(error).splitlines()[0]}"
        return LoadBalancer({}, dict.fromkeys((Capability.LOAD_BALANCER, Capability.METALLB), reason))
    return LoadBalancer(metallb.versions(access.kube))


NOTE = "the addresses of load balancers"
SPANS = TypeAdapter(tuple[AddressSpan, ...])


def check_pool(engine: Engine, spec: ClusterSpec) -> None:
    """Raise UsageError where the declared pool is outside the network, if there is one already."""
    if spec.load_balancer_pool and (nodes_network := existing_network(engine)):
        _check_inside(spec, nodes_network)


def claim_pool(tools: Tools, cluster: str, spec: ClusterSpec, network: Network) -> tuple[AddressSpan, ...]:
    """The pool that is declared, or one per IP family where nobody is; each cluster of this user gets another.

    Raises UsageError where the declared one is outside the network, ProvisionError where there is no room.
    """
    if spec.load_balancer_pool:
        _check_inside(spec, network)
        return spec.load_balancer_pool
    place = ledger.make_part("pools", NOTE)
    with ledger.writing(NOTE, place), FileLock(place / ".lock", timeout=Provision.POOL_CLAIMED.seconds):
        pools = _pools_of_clusters(place, cluster, tools.kind.clusters())
        if cluster not in pools:
            others = [span for spans in pools.values() for span in spans]
            pools[cluster] = tuple(_free_span(family, network, others) for family in spec.families)
            written = [span.model_dump(mode="json") for span in pools[cluster]]
            write_private(place / cluster, json.dumps(written), durable=True)
        return pools[cluster]


def release_pool(cluster: str) -> None:
    """Give back the pool of a cluster that is gone."""
    for pool in ledger.entries_of("pools"):
        if pool.name == cluster:
            pool.unlink(missing_ok=True)


def _check_inside(spec: ClusterSpec, network: Network) -> None:
    if problems := metallb.pool_problems(spec.load_balancer_pool, network.ranges):
        raise UsageError(problems)


def _pools_of_clusters(place: Path, cluster: str, clusters: Sequence[str]) -> dict[str, tuple[AddressSpan, ...]]:
    """The pools that clusters have; those of those that are gone are forgotten."""
    pools: dict[str, tuple[AddressSpan, ...]] = {}
    for file in place.glob("[!.]*"):
        if file.name not in clusters:
            remove_tree(file)
        elif spans := _read_pool(file, cluster):
            pools[file.name] = spans
    return pools


def _read_pool(file: Path, cluster: str) -> tuple[AddressSpan, ...]:
    """Read a cluster's pool; empty where it is this cluster's own and cannot be read, so that it gets another."""
    try:
        return SPANS.validate_python(read_json(file))
    except (UnreadableError, ValidationError) as error:
        if file.name == cluster:
            return ()
        raise ProvisionError(
            f"the addresses that the cluster {file.name} has are not known: {file} cannot be read ({error}); remove "
            f"that cluster, with svcproof kind down {file.name}"
        ) from error


def _free_span(family: str, network: Network, others: Sequence[AddressSpan]) -> AddressSpan:
    whole = next(network_range for network_range in network.ranges if f"ipv{network_range.version}" == family)
    return metallb.free_addresses(whole, network.taken, others)

"""MetalLB in a cluster of kind, where nothing serves Services of type LoadBalancer yet."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from svcproof.errors import ProvisionError
from svcproof.kubernetes import metallb
from svcproof.kubernetes.cluster import proxy_pods
from svcproof.kubernetes.cluster.reach import ProxyPods
from svcproof.kubernetes.kind import pools
from svcproof.kubernetes.kind.house import House
from svcproof.kubernetes.kind.network import network
from svcproof.kubernetes.kind.tools import Tools
from svcproof.kubernetes.objects.cluster_access import ClusterAccess
from svcproof.model.cluster import Progress
from svcproof.model.cluster_spec import ClusterSpec
from svcproof.model.vocabulary import Capability


@dataclass(frozen=True, slots=True)
class Served:
    """What came of it: MetalLB's version by its name, or why it is lacking."""

    versions: Mapping[str, str]
    lacking: Mapping[Capability, str] = field(default_factory=dict)


def served(
    tools: Tools,
    house: House,
    spec: ClusterSpec,
    lacking: Mapping[Capability, str],
    access: ClusterAccess,
    proxy: ProxyPods,
    progress: Progress,
) -> Served:
    """Have MetalLB there; in a cluster that is kept it stays.

    It needs Services that work, and so a proxy that does. Where it does not come up, that must not keep the proxy's
    faults from being seen: it is lacking then. Raises ProvisionError where the proxy does not even run.
    """
    if Capability.LOAD_BALANCER in lacking or metallb.existing_load_balancer(access.kube):
        return Served(metallb.versions(access.kube))
    entry, manifest = house.entry, metallb.manifest(spec.metallb, progress)
    pool = pools.pool(tools, house.name, spec, network(tools.engine))
    entry.note(metallb="begun")
    try:
        with metallb.install(replace(access, ends_with_run=True), manifest, pool, progress):
            entry.note(metallb="done")
    except ProvisionError as late:
        if why := proxy_pods.trouble(access.kube, proxy):
            raise ProvisionError(f"the proxy under test does not run: {why}") from late
        progress("removing MetalLB, which did not come up")
        metallb.remove(access.kube, access.token)
        entry.note(metallb="")
        reason = f"MetalLB, which needs Services that work, did not come up: {str(late).splitlines()[0]}"
        return Served({}, dict.fromkeys((Capability.LOAD_BALANCER, Capability.METALLB), reason))
    return Served(metallb.versions(access.kube))

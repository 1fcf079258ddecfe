"""Real Kubernetes in containers of this machine, made by kind."""

import platform
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager

from svcproof.declare.lacking import by_declaration, no_sctp
from svcproof.errors import ProvisionError, UsageError
from svcproof.kubernetes import metallb
from svcproof.kubernetes.cluster.api_cluster import ApiCluster
from svcproof.kubernetes.cluster.missing_capabilities import BY_API
from svcproof.kubernetes.cluster.shared import fault_problems
from svcproof.kubernetes.cluster.shared import join as join
from svcproof.kubernetes.cluster.shared import remove_leftovers_of as remove_leftovers_of
from svcproof.kubernetes.kind import cleanup, cluster_lifecycle, images, load_balancer, node_logs, tools
from svcproof.kubernetes.kind.engine import Engine
from svcproof.kubernetes.kind.provisioning import Provisioning
from svcproof.kubernetes.kind.tools import Tools
from svcproof.kubernetes.swap import kube_proxy_mode_for_kind
from svcproof.ledger import LeftAlone
from svcproof.model.cluster import Leftover, Progress
from svcproof.model.cluster_spec import ClusterSpec, MetalLBSpec
from svcproof.model.proxy_spec import ProxySpec
from svcproof.model.vocabulary import Capability


def capabilities(spec: ClusterSpec) -> Mapping[Capability, str]:
    """The capabilities that a kind cluster of this declaration will lack, with the reasons.

    Raises ProvisionError where this machine can make none.
    """
    return _lacking(spec, tools.find())


@contextmanager
def up(
    spec: ClusterSpec, proxy: ProxySpec, *, faults: tuple[str, ...], progress: Progress, workers: int = 1
) -> Iterator[ApiCluster]:
    """Make the cluster, or take up the one that is kept; leaving the context removes what does not stay."""
    if problems := fault_problems(faults):
        raise UsageError(problems)
    tools_here = tools.find()
    lacking = _lacking(spec, tools_here)
    load_balancer.check_pool(tools_here.engine, spec)
    images.obtain(tools_here.engine, spec.agent.image, progress)
    images.check(tools_here.engine, spec.agent.image, spec.kind.load)
    image = images.loadable(tools_here.engine, spec.agent.image)
    mode = kube_proxy_mode_for_kind(proxy)
    with cluster_lifecycle.made_cluster(tools_here, spec, mode, progress) as cluster, ExitStack() as until:
        provisioning = Provisioning(
            tools=tools_here, cluster=cluster, spec=spec, proxy=proxy, image=image, lacking=lacking, progress=progress
        )
        yield until.enter_context(closing(ApiCluster(provisioning.provide(until))))


def leftovers() -> tuple[Leftover | LeftAlone, ...]:
    """The leftovers of killed runs, in kept clusters too, and the logs that failed runs have kept."""
    return (*cleanup.find_killed_runs(), *node_logs.find_kept_logs())


def _lacking(spec: ClusterSpec, tools_here: Tools) -> Mapping[Capability, str]:
    lacking = {
        **by_declaration(spec, f"the cluster {spec.name}"),
        Capability.LOAD_BALANCER: _no_metallb(spec.metallb),
        Capability.SCTP: _no_sctp(tools_here.engine),
        **BY_API,
    }
    return {capability: reason for capability, reason in lacking.items() if reason}


def _no_metallb(spec: MetalLBSpec) -> str:
    try:
        metallb.manifest(spec, lambda _: None)
    except ProvisionError as error:
        return str(error)
    return ""


def _no_sctp(engine: Engine) -> str:
    """The reason why there is no SCTP; where the containers run on this machine's kernel, it is asked."""
    if (theirs := engine.kernel()) != platform.release():
        return f"it is not known whether the kernel of the nodes, {theirs}, speaks SCTP: it is not this machine's"
    why = no_sctp()
    return why and f"the kernel of the nodes does not speak SCTP: {why}"

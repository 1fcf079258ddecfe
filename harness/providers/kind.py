"""Real Kubernetes in containers of this machine, made by kind."""

import platform
import socket
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager

from harness.cluster.api_cluster import ApiCluster
from harness.cluster.reach import from_handle
from harness.errors import ProvisionError, UsageError
from harness.install import metallb
from harness.install.proxy import kind_mode
from harness.kind import house, images, remains, tools
from harness.kind.engine import Engine
from harness.kind.furnish import Furnishing
from harness.model.cluster import Cluster, Leftover, Progress
from harness.model.cluster_spec import ClusterSpec
from harness.model.proxy_spec import ProxySpec
from harness.model.real_spec import MetalLBSpec
from harness.model.vocabulary import Capability


def capabilities(spec: ClusterSpec) -> Mapping[Capability, str]:
    """What a kind cluster of this declaration will not have, with the reason.

    Raises ProvisionError where this machine can make none.
    """
    here = tools.find()
    nodes = f"nodes in the cluster {spec.name}: {len(spec.nodes)}"
    clients = f"outside clients of the cluster {spec.name}: {spec.outside}"
    lacking = {
        Capability.TWO_NODES: len(spec.nodes) < 2 and nodes,
        Capability.THREE_NODES: len(spec.nodes) < 3 and nodes,
        Capability.OUTSIDE_CLIENT: spec.outside < 1 and clients,
        Capability.TWO_OUTSIDE_CLIENTS: spec.outside < 2 and clients,
        Capability.SERVICE_ROUTE: spec.outside < 1 and clients,
        Capability.EXTERNAL_ADDRESSES: not spec.external_ranges and f"{spec.name} has no externalRanges",
        Capability.LOAD_BALANCER: _no_metallb(spec.metallb),
        Capability.IPV4: "ipv4" not in spec.families and f"{spec.name} has no IPv4",
        Capability.IPV6: "ipv6" not in spec.families and f"{spec.name} has no IPv6",
        Capability.DUAL_STACK: len(spec.families) < 2 and f"{spec.name} has one IP family",
        Capability.SCTP: _no_sctp(here.engine),
    }
    return {capability: reason for capability, reason in lacking.items() if reason}


@contextmanager
def up(spec: ClusterSpec, proxy: ProxySpec, *, faults: tuple[str, ...], progress: Progress) -> Iterator[ApiCluster]:
    """Make the cluster, or take up the one that is kept; leaving the context removes what does not stay."""
    if faults:
        raise UsageError("faults are the lab's alone")
    here, lacking = tools.find(), capabilities(spec)
    images.obtain(here.engine, spec.agent.image, progress)
    image = images.loadable(here.engine, spec.agent.image)
    with house.standing(here, spec, kind_mode(proxy), progress) as standing, ExitStack() as until:
        furnishing = Furnishing(
            tools=here, house=standing, spec=spec, proxy=proxy, image=image, lacking=lacking, progress=progress
        )
        yield until.enter_context(closing(ApiCluster(furnishing.reach(until))))


def join(spec: ClusterSpec, proxy: ProxySpec, handle: str) -> AbstractContextManager[Cluster]:
    """The cluster that another process of the run has up."""
    return closing(ApiCluster(from_handle(handle)))


def leftovers() -> tuple[Leftover, ...]:
    """What killed runs have made, or left in clusters that are kept."""
    return remains.find()


def _no_metallb(spec: MetalLBSpec) -> str:
    try:
        metallb.manifest(spec, lambda _: None)
    except ProvisionError as error:
        return str(error)
    return ""


def _no_sctp(engine: Engine) -> str:
    """Why there is no SCTP; where the containers run on this machine's kernel, it is asked."""
    if (theirs := engine.kernel()) != platform.release():
        return f"it is not known whether the kernel of the nodes, {theirs}, speaks SCTP: it is not this machine's"
    try:
        socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_SCTP).close()
    except OSError as error:
        return f"the kernel of the nodes does not speak SCTP: {error.strerror}"
    return ""

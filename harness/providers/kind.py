"""Real Kubernetes in containers of this machine, made by kind."""

import secrets
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path

from harness import ledger
from harness.cluster import discovery
from harness.cluster.api_cluster import ApiCluster
from harness.cluster.reach import Reach, from_handle
from harness.errors import UsageError
from harness.kind import configuration, engine, images, network, outside, tool
from harness.kube import Kube
from harness.model.cluster import Cluster, Leftover, Progress
from harness.model.cluster_spec import ClusterSpec
from harness.model.proxy_spec import ProxySpec
from harness.model.vocabulary import Capability

READY_WITHIN = 120.0


def capabilities(spec: ClusterSpec) -> Mapping[Capability, str]:
    """What a kind cluster of this declaration will not have, with the reason."""
    nodes = f"nodes in the cluster {spec.name}: {len(spec.nodes)}"
    clients = f"outside clients of the cluster {spec.name}: {spec.outside}"
    lacking = {
        Capability.TWO_NODES: len(spec.nodes) < 2 and nodes,
        Capability.THREE_NODES: len(spec.nodes) < 3 and nodes,
        Capability.OUTSIDE_CLIENT: spec.outside < 1 and clients,
        Capability.TWO_OUTSIDE_CLIENTS: spec.outside < 2 and clients,
        Capability.SERVICE_ROUTE: spec.outside < 1 and clients,
        Capability.EXTERNAL_ADDRESSES: not spec.external_ranges and f"{spec.name} has no externalRanges",
        Capability.LOAD_BALANCER: "MetalLB is not installed yet",
        Capability.IPV4: "ipv4" not in spec.families and f"{spec.name} has no IPv4",
        Capability.IPV6: "ipv6" not in spec.families and f"{spec.name} has no IPv6",
        Capability.DUAL_STACK: len(spec.families) < 2 and f"{spec.name} has one IP family",
        Capability.SCTP: "not looked for yet",
    }
    return {capability: reason for capability, reason in lacking.items() if reason}


@contextmanager
def up(spec: ClusterSpec, proxy: ProxySpec, *, faults: tuple[str, ...], progress: Progress) -> Iterator[ApiCluster]:
    """Make the cluster; leaving the context removes it."""
    if faults:
        raise UsageError("faults are the lab's alone")
    container_engine, kind = engine.find(), tool.find()
    entry = ledger.begin("kind")
    name = f"svcproof-{spec.name}-{entry.token}"
    entry.note(cluster=name)
    mode = proxy.install.kube_proxy.mode if proxy.install.kube_proxy else "none"
    try:
        progress(f"making the cluster {name}")
        config = configuration.configuration(spec, mode)
        kubeconfig = kind.create(name, entry.directory, config, spec.kind.image, progress)
        reach = _furnished(spec, container_engine, kind, name, entry, kubeconfig, progress)
        with closing(ApiCluster(reach)) as made:
            yield made
    finally:
        progress(f"removing the cluster {name}")
        outside.remove(container_engine, entry.token)
        kind.delete(name, entry.directory)
        ledger.end(entry)


def _furnished(
    spec: ClusterSpec,
    container_engine: engine.Engine,
    kind: tool.Kind,
    name: str,
    entry: ledger.Entry,
    kubeconfig: Path,
    progress: Progress,
) -> Reach:
    kube = Kube(kubeconfig)
    progress("waiting for the nodes")
    wanted = {f"{name}-{node.name}": index for index, node in enumerate(spec.nodes)}
    kube.wait_list(
        "Node",
        until=lambda found: len(found) == len(wanted) and not discovery.not_ready(found),
        what=f"{len(wanted)} ready nodes of {name}",
        within=READY_WITHIN,
    )
    nodes = tuple(sorted(discovery.nodes(kube), key=lambda node: wanted[node.name]))
    secret, image = secrets.token_hex(16), spec.agent.image
    images.load(container_engine, kind, name, tuple(wanted), (image, *spec.kind.load), entry.directory, progress)
    progress("starting the clients outside")
    on = network.network(container_engine)
    clients = tuple(f"outside-{index + 1}" for index in range(spec.outside))
    outside.start(container_engine, on, image, clients, entry.token, secret)
    node_image = container_engine.run("inspect", "--format", "{{.Image}}", nodes[0].name).strip()
    ranges = (*spec.service_ranges, *spec.external_ranges)
    for client in clients:
        outside.route(container_engine, node_image, entry.token, client, ranges, nodes[0].addresses)
    return Reach(
        spec=spec,
        kubeconfig=str(kubeconfig),
        token=entry.token,
        secret=secret,
        image=image,
        nodes=nodes,
        outside=tuple(outside.place(container_engine, on, entry.token, client, spec.families) for client in clients),
        enter_node=(container_engine.name, "exec"),
        lacking=dict(capabilities(spec)),
        versions={"kubernetes": kube.version()},
    )


def join(spec: ClusterSpec, proxy: ProxySpec, handle: str) -> AbstractContextManager[Cluster]:
    """The cluster that another process of the run has up."""
    return closing(ApiCluster(from_handle(handle)))


def leftovers() -> tuple[Leftover, ...]:
    """Clusters of runs that were killed."""
    return ()

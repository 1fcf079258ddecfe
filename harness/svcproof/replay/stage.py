"""The stage of scenarios: a cluster with the sample pods on it, seen from every vantage."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from ipaddress import ip_network
from itertools import cycle, islice
from threading import Lock

from svcproof.agent.vantage import Unrecorded
from svcproof.everywhere import WorldReader, claims_of
from svcproof.kubernetes.api import Kube
from svcproof.kubernetes.sample.namespace import provide_namespace
from svcproof.kubernetes.sample.roles import sample_roles
from svcproof.kubernetes.sample.vantages import outside_vantages, pod_vantages
from svcproof.kubernetes.sample.workload import PodHandle, Workbench, open_workbench
from svcproof.limits import Judged
from svcproof.model.cluster import Cluster
from svcproof.model.cluster_spec import ClusterSpec
from svcproof.model.proxy_spec import ProxySpec
from svcproof.model.scenario import Scenario
from svcproof.model.vocabulary import Capability
from svcproof.promise.expectation import Aspect, Where
from svcproof.replay.binding import EXTERNALS, Binding, node_ports, of_pod
from svcproof.replay.scene import KEPT_PORTS, Interrupt, Scene
from svcproof.sweep import Asker, Sweeper

LABEL = "svcproof.dev/run"
JUDGED_SHOULDS = frozenset(Aspect) - {Aspect.SILENCE}
"""Aspects of which also a SHOULD is judged: not refusals, as a node sends one client an ICMP error a second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A cluster on which scenarios are tried."""

    kube: Kube
    cluster: Cluster
    namespace: str
    workbench: Workbench
    reader: WorldReader
    sweeper: Sweeper
    words: Mapping[str, str]
    """Placeholders and what they mean here."""
    externals: tuple[str, ...]
    within: float
    """Seconds in which the proxy must show a change."""
    free_ports: Iterator[int] = field(default_factory=lambda: cycle(KEPT_PORTS))
    interrupt: Interrupt | None = None
    """None where the proxy is not ours to interrupt."""

    @property
    def room(self) -> int:
        """The number of scenarios that have external addresses of their own side by side."""
        return max(1, len(self.externals) // EXTERNALS)

    def scene(self, scenario: Scenario, number: int, prefix: str) -> Scene:
        """The scenario in this place of several side by side, its objects' names beginning with the prefix."""
        binding = self.binding(number, prefix)
        return Scene(self.kube, self.workbench, scenario, binding, self.interrupt, free_ports=self.free_ports)

    def binding(self, number: int = 0, prefix: str = "") -> Binding:
        """The binding of the scenario in this place of several side by side."""
        start = number * EXTERNALS
        return Binding(
            namespace=self.namespace,
            words=self.words,
            externals=self.externals[start : start + EXTERNALS],
            node_ports=node_ports(number),
            prefix=prefix,
            labels={LABEL: self.cluster.token},
        )


@contextmanager
def stage(cluster: Cluster, proxy: ProxySpec, name: str) -> Iterator[Stage]:
    """Start the sample pods in a namespace of their own; leaving the context removes both."""
    with ExitStack() as until:
        kube = until.enter_context(closing(Kube(cluster.kubeconfig)))
        namespace = until.enter_context(provide_namespace(kube, cluster, f"svcproof-{cluster.token}-{name}"))
        vantage_of = pod_vantages(kube, cluster, Unrecorded())
        workbench = until.enter_context(open_workbench(kube, cluster, namespace, "sample", vantage_of))
        roles = sample_roles(cluster.nodes, namespace, hosts=Capability.HOST_NETWORK not in cluster.lacking)
        started = iter(workbench.start([pod for pods in roles.values() for pod in pods]))
        pods = {role: tuple(islice(started, len(made))) for role, made in roles.items()}
        yield Stage(
            kube=kube,
            cluster=cluster,
            namespace=namespace,
            workbench=workbench,
            reader=WorldReader(kube, (namespace,), claims_of(proxy, cluster.versions), _entries(cluster)),
            sweeper=Sweeper(askers=tuple(_askers(cluster, pods)), lacking=tuple(cluster.lacking), also=JUDGED_SHOULDS),
            words=meanings(cluster, pods),
            externals=external_addresses(cluster.spec),
            within=Judged.CONVERGENCE.of(proxy.convergence),
            interrupt=_interrupt(cluster),
        )


def meanings(cluster: Cluster, pods: Mapping[str, tuple[PodHandle, ...]]) -> dict[str, str]:
    """The placeholders that mean something on this cluster, but for external addresses and a scenario's own pods."""
    words: dict[str, str] = {}
    for number, node in enumerate(cluster.nodes, 1):
        words |= {f"node-{number}": node.name, f"node-{number}.address": node.addresses[0]}
        words |= {f"node-{number}.zone": node.zone} if node.zone else {}
    for number, client in enumerate(cluster.outside, 1):
        words[f"outside-{number}.address"] = client.addresses[0]
    for number, pod in enumerate(pods["client"], 1):
        words |= {f"client-{number}.address": pod.address, f"client-{number}.node": pod.node}
    for pod in (*pods["echo"], *pods["db"]):
        words |= of_pod(pod.name, pod)
    if nobody := last_external(cluster.spec):
        words["nobody"] = nobody
    return words


def external_addresses(spec: ClusterSpec) -> tuple[str, ...]:
    """Addresses that lead to a node and belong to nobody, the last one left out."""
    return tuple(islice(spec.external_addresses(), 240))[:-1]


def last_external(spec: ClusterSpec) -> str:
    """An address that nobody has and no scenario gives to a Service; empty where none is known."""
    return str(ip_network(str(spec.external_ranges[0]))[-2]) if spec.external_ranges else ""


def _askers(cluster: Cluster, pods: Mapping[str, tuple[PodHandle, ...]]) -> Iterator[Asker]:
    for role, where in {"client": Where.POD, "host": Where.HOST, "echo": Where.POD, "db": Where.POD}.items():
        yield from (Asker.of(pod.vantage, where) for pod in pods[role])
    yield from (Asker.of(vantage, Where.OUTSIDE) for vantage in outside_vantages(cluster, Unrecorded()))


def _interrupt(cluster: Cluster) -> Interrupt | None:
    """The function that interrupts the proxy, one scenario at a time; None where it is not ours to interrupt."""
    control = cluster.proxy_control
    if control is None:
        return None

    one_at_a_time = Lock()

    @contextmanager
    def interrupt(how: str, node: str) -> Iterator[None]:
        names = (node,) if node else tuple(each.name for each in cluster.nodes)
        with one_at_a_time, ExitStack() as until:
            for name in names:
                control.stop(name, kill=how == "kill")
                until.callback(control.start, name)
            yield

    return interrupt


def _entries(cluster: Cluster) -> dict[str, frozenset[str]]:
    """The nodes where packets from outside for external addresses come in, as far as it is known."""
    if cluster.spec.provider != "lab":
        return {}
    first = frozenset({cluster.nodes[0].name})
    return dict.fromkeys(external_addresses(cluster.spec), first)

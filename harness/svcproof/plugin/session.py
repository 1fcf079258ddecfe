"""The parts of a session that there is one of: the cluster, its API, the namespace, the sample pods, the addresses.

Heavy to import: the fixtures of `svcproof.entry` do so once a test asks for them.
"""

import random
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass, field
from itertools import islice

import pytest

from svcproof.agent.vantage import Vantage
from svcproof.json_objects import Object
from svcproof.kubernetes.api import Kube
from svcproof.kubernetes.sample import vantages
from svcproof.kubernetes.sample.namespace import provide_namespace
from svcproof.kubernetes.sample.roles import sample_roles
from svcproof.kubernetes.sample.workload import PodHandle, VantageOf, open_workbench
from svcproof.model.cluster import Cluster
from svcproof.model.cluster_spec import ClusterSpec
from svcproof.model.probe import Seen
from svcproof.model.vocabulary import Capability
from svcproof.plugin import processes
from svcproof.plugin.circumstances import followed
from svcproof.plugin.cluster import NAMESPACE, lacking, present
from svcproof.plugin.controller import announce
from svcproof.plugin.evidence.taking import VANTAGES
from svcproof.plugin.gate import AGENTS
from svcproof.plugin.noted_kube import NotedKube
from svcproof.plugin.options import wanted
from svcproof.plugin.recording import notebook
from svcproof.wait import converging

Sample = dict[str, tuple[PodHandle, ...]]
HOST_PORTS = range(12000, 20000)
"""Of nodes: below what agents are asked at, node ports and ephemeral ports."""


class Addresses(Iterator[str]):
    """Addresses nobody owns, each given once; those given back come again when no other is left, the oldest first."""

    def __init__(self, fresh: Iterator[str]) -> None:
        self._fresh, self._returned = fresh, deque[str]()

    def __next__(self) -> str:
        if (address := next(self._fresh, "")) or self._returned:
            return address or self._returned.popleft()
        raise StopIteration

    @contextmanager
    def lent(self) -> Iterator[Callable[[], str]]:
        """A function that gives an address each time, or an empty text; all are given back when the context ends."""
        given: list[str] = []

        def address() -> str:
            lent = list(islice(self, 1))
            given.extend(lent)
            return lent[0] if lent else ""

        try:
            yield address
        finally:
            self._returned.extend(given)


@dataclass(frozen=True, slots=True)
class Leases:
    """Addresses and ports that this process of the run may choose."""

    external_addresses: Addresses
    host_ports: Iterator[int]
    seen_at_nobodys: dict[str, Seen] = field(default_factory=dict)
    """By kind of vantage: what it sees at an address that nobody has."""


@contextmanager
def cluster_under_test(config: pytest.Config) -> Iterator[Cluster]:
    """Bring the cluster up, with the proxy in it."""
    with (
        present(config, announce(config)) as cluster,
        converging(wanted(config).proxy.convergence),
    ):
        yield cluster


def api(config: pytest.Config, cluster: Cluster) -> AbstractContextManager[Kube]:
    """Open a client of the cluster's API."""
    return closing(NotedKube(cluster.kubeconfig, notebook(config)))


@contextmanager
def own_namespace(config: pytest.Config, kube: Kube, cluster: Cluster) -> Iterator[str]:
    """Make a namespace for this process of the run, and follow what is in it."""
    with (
        provide_namespace(kube, cluster, f"svcproof-{cluster.token}-{processes.name(config)}") as namespace,
        followed(config, kube, namespace),
    ):
        config.stash[NAMESPACE] = namespace
        yield namespace


@contextmanager
def sample_pods(config: pytest.Config, kube: Kube, cluster: Cluster, namespace: str) -> Iterator[Sample]:
    """Start all sample pods of the run at once; they are given by role."""
    has_hosts = Capability.HOST_NETWORK not in lacking(config)
    pods_by_role = sample_roles(cluster.nodes, namespace, hosts=has_hosts)
    with open_workbench(kube, cluster, namespace, "sample", vantage_of(config, kube, cluster)) as workbench:
        if cluster.handle:  # In a lab they are there at once.
            announce(config)("starting the sample pods")
        started = workbench.start([pod for pods in pods_by_role.values() for pod in pods])
        config.stash[AGENTS] = [pod.vantage for pod in started]
        by_name = {pod.name: pod for pod in started}
        yield {role: tuple(by_name[pod.name] for pod in pods) for role, pods in pods_by_role.items()}
        config.stash[AGENTS] = ()


def vantage_of(config: pytest.Config, kube: Kube, cluster: Cluster) -> VantageOf:
    """A function from a running agent Pod to the vantage it is."""
    of = vantages.pod_vantages(kube, cluster, notebook(config))

    def vantage(pod: Object) -> Vantage:
        made = of(pod)
        config.stash.setdefault(VANTAGES, {})[made.name] = (made, pod)
        return made

    return vantage


def outside_vantages(config: pytest.Config, cluster: Cluster) -> tuple[Vantage, ...]:
    """The clients outside the cluster, as vantages."""
    made = vantages.outside_vantages(cluster, notebook(config))
    config.stash.setdefault(VANTAGES, {}).update(
        {vantage.name: (vantage, client) for vantage, client in zip(made, cluster.outside, strict=True)}
    )
    return made


def leases(config: pytest.Config, cluster: Cluster) -> Leases:
    """The share of this process; a worker that stands in for one that crashed has its share in the second half."""
    number, shares = processes.number(config), 2 * processes.workers(config)
    ports = HOST_PORTS[number::shares]
    # In another order each time: pods of the run before may still be ending.
    return Leases(Addresses(external_share(cluster.spec, number, shares)), iter(random.sample(ports, len(ports))))


def external_share(spec: ClusterSpec, number: int, of: int) -> Iterator[str]:
    """The addresses of the first external range that are the share of process `number` of so many."""
    return islice(spec.external_addresses(), number, None, of)


def pool_share(spec: ClusterSpec, number: int) -> str:
    """The address of the load balancer's pool that process `number` may ask for; empty where it has none.

    It is of the family of the pool's first addresses. They are counted from the end: load balancers give the first
    ones to those who do not ask.
    """
    pool = spec.load_balancer_pool
    last = next((span for span in reversed(pool) if span.first.version == pool[0].first.version), None)
    return str(last.last - number) if last and int(last.last) - number > int(last.first) else ""

"""The parts of a session that there is one of: the cluster, its API, the namespace, the sample pods, the addresses.

Heavy to import: the fixtures of `session_fixtures` do so once a test asks for them.
"""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from svcproof.agent.vantage import Vantage
from svcproof.json_objects import Object
from svcproof.kubernetes.api import Kube, PodShell
from svcproof.kubernetes.sample.namespace import provide_namespace
from svcproof.kubernetes.sample.pods import AgentPod
from svcproof.kubernetes.sample.workload import PodHandle, VantageOf, open_workbench
from svcproof.model.cluster import Cluster, Node
from svcproof.model.probe import Seen
from svcproof.model.vocabulary import Capability
from svcproof.plugin import processes
from svcproof.plugin.cluster import lacking, present
from svcproof.plugin.controller import announce
from svcproof.plugin.health import AGENTS
from svcproof.plugin.leases import HOST_PORTS, external_share
from svcproof.plugin.noted import NotedKube
from svcproof.plugin.options import wanted
from svcproof.plugin.recording import notebook
from svcproof.wait import converging

BACKEND: dict[str, Any] = {
    "tcp": (8080, 8081, 9376),
    "udp": (8080, 8081, 5353),
    "http": (8090,),
    "names": {"main": 8080, "other": 8081},
}
VANTAGE: dict[str, Any] = {"tcp": (), "udp": (), "http": ()}
Sample = dict[str, tuple[PodHandle, ...]]


@dataclass(frozen=True, slots=True)
class Leases:
    """Addresses and ports that this process of the run may choose: each is given once."""

    external_addresses: Iterator[str]
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


@contextmanager
def api(config: pytest.Config, cluster: Cluster) -> Iterator[Kube]:
    """Open a client of the cluster's API."""
    kube = NotedKube(cluster.kubeconfig, notebook(config))
    yield kube
    kube.close()


@contextmanager
def own_namespace(config: pytest.Config, kube: Kube, cluster: Cluster) -> Iterator[str]:
    """Make a namespace for this process of the run."""
    with provide_namespace(kube, cluster, f"svcproof-{cluster.token}-{processes.name(config)}") as name:
        yield name


@contextmanager
def sample_pods(config: pytest.Config, kube: Kube, cluster: Cluster, namespace: str) -> Iterator[Sample]:
    """Start all sample pods of the run at once; they are given by role."""
    nodes = cluster.nodes
    with open_workbench(kube, cluster, namespace, "sample", vantage_of(config, kube, cluster)) as workbench:
        pods_by_role = {
            "client": [_pod(f"client-{node.name}", namespace, node, **VANTAGE) for node in nodes],
            "host": [
                _pod(f"host-{node.name}", namespace, node, host_network=True, **VANTAGE)
                for node in nodes
                if Capability.HOST_NETWORK not in lacking(config)
            ],
            "echo": [
                _pod(f"echo-{index}", namespace, node, labels={"app": "echo"}, **BACKEND)
                for index, node in enumerate(_spread(nodes))
            ],
            "db": [_pod("db-0", namespace, nodes[0], labels={"app": "db"}, **BACKEND)],
        }
        if cluster.handle:  # In a lab they are there at once.
            announce(config)("starting the sample pods")
        started = workbench.start([pod for pods in pods_by_role.values() for pod in pods])
        config.stash[AGENTS] = [pod.vantage for pod in started]
        by_name = {pod.name: pod for pod in started}
        yield {role: tuple(by_name[pod.name] for pod in pods) for role, pods in pods_by_role.items()}
        config.stash[AGENTS] = ()


def vantage_of(config: pytest.Config, kube: Kube, cluster: Cluster) -> VantageOf:
    """A function from a running agent Pod to the vantage it is."""
    page = notebook(config)

    def vantage(pod: Object) -> Vantage:
        addresses = tuple(address["ip"] for address in pod["status"]["podIPs"])
        name = pod["metadata"]["name"]
        shell = PodShell(kube, name, pod["metadata"]["namespace"])
        return Vantage(name, pod["spec"]["nodeName"], addresses, cluster.channel(pod), page, shell)

    return vantage


def leases(config: pytest.Config, cluster: Cluster) -> Leases:
    """The share of this process; a worker that stands in for one that crashed has its share in the second half."""
    number, shares = processes.number(config), 2 * processes.workers(config)
    ports = HOST_PORTS[number::shares]
    # In another order each time: pods of the run before may still be ending.
    return Leases(external_share(cluster.spec, number, shares), iter(random.sample(ports, len(ports))))


def _spread(nodes: tuple[Node, ...]) -> tuple[Node, Node, Node]:
    """The nodes of echo: the first one twice, then the second where there is one."""
    return nodes[0], nodes[0], nodes[min(1, len(nodes) - 1)]


def _pod(name: str, namespace: str, node: Node, **fields: Any) -> AgentPod:
    return AgentPod(name=name, namespace=namespace, node=node.name, **fields)

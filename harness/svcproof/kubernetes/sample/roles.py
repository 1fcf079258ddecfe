"""The sample pods of a run, by role: clients and hosts on every node, and the backends `echo` and `db`."""

from collections.abc import Sequence
from typing import Any

from svcproof.kubernetes.sample.pods import AgentPod
from svcproof.model.cluster import Node

BACKEND: dict[str, Any] = {
    "tcp": (8080, 8081, 9376),
    "udp": (8080, 8081, 5353),
    "http": (8090,),
    "names": {"main": 8080, "other": 8081},
}
VANTAGE: dict[str, Any] = {"tcp": (), "udp": (), "http": ()}
Roles = dict[str, list[AgentPod]]


def sample_roles(nodes: Sequence[Node], namespace: str, *, hosts: bool) -> Roles:
    """The sample pods of a run in this namespace, by role; without `hosts`, none in the network of a node."""

    def pod(name: str, node: Node, **fields: Any) -> AgentPod:
        return AgentPod(name=name, namespace=namespace, node=node.name, **fields)

    return {
        "client": [pod(f"client-{node.name}", node, **VANTAGE) for node in nodes],
        "host": [pod(f"host-{node.name}", node, host_network=True, **VANTAGE) for node in nodes if hosts],
        "echo": [
            pod(f"echo-{index}", node, labels={"app": "echo"}, **BACKEND) for index, node in enumerate(_spread(nodes))
        ],
        "db": [pod("db-0", nodes[0], labels={"app": "db"}, **BACKEND)],
    }


def _spread(nodes: Sequence[Node]) -> tuple[Node, Node, Node]:
    """The nodes of echo: the first one twice, then the second where there is one."""
    return nodes[0], nodes[0], nodes[min(1, len(nodes) - 1)]

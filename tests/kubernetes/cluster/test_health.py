"""What is wrong with a cluster, by what its API server says."""

from typing import Any

import pytest

from svcproof.errors import ProbeError, Rejected
from svcproof.kubernetes.cluster.health import cluster_trouble
from svcproof.model.cluster import Node

OURS = (Node("a", ("10.0.0.1",)), Node("b", ("10.0.0.2",)))


class Said:
    """A Kube that says this of its nodes."""

    def __init__(self, nodes: dict[str, str] | Exception) -> None:
        self.nodes = nodes

    def list(self, kind: str) -> list[Any]:
        assert kind == "Node"
        if isinstance(self.nodes, Exception):
            raise self.nodes
        return [
            {
                "metadata": {"name": name},
                "status": {"conditions": [{"type": "Ready", "status": ready, "message": "kubelet stopped posting"}]},
            }
            for name, ready in self.nodes.items()
        ]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"a": "True", "b": "True"}, ""),
        ({"a": "True", "b": "True", "other": "False"}, ""),
        ({"a": "True", "b": "Unknown"}, "node b is not Ready: kubelet stopped posting"),
        ({"a": "True"}, "node b is gone"),
        (ProbeError("connection refused"), "the API server does not answer: connection refused"),
        (Rejected("may not", code=403, message="forbidden"), ""),
        (Rejected("who are you?", code=401, message="expired"), "who are you?"),
    ],
)
def test_trouble_is_what_concerns_the_api_server_and_the_nodes_of_the_run(said: Any, told: str) -> None:
    assert cluster_trouble(Said(said), OURS) == told  # type: ignore[arg-type]

"""Whether a machine can be a client outside the cluster."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from harness.model.cluster import Node

KUBELET = 10250
"""Listens on every node: what answers there, if only by a refusal, is the node."""
API_SERVER = 443
Reached = Callable[[Sequence[tuple[str, int]]], Sequence[tuple[str, str]]]
"""Has the machine connect to addresses: of each the source address it has there, and why it has none."""


@dataclass(frozen=True, slots=True)
class Route:
    """The way from a machine to the nodes: the source address it has in each IP family, or why there is none.

    Reasons go on where the machine's name ends. A family besides the primary one, in which not every node
    answers, is left out.
    """

    sources: tuple[str, ...] = ()
    why_not: str = ""
    no_services: str = ""
    """Why it has no way to ClusterIPs."""


def to_nodes(nodes: Sequence[Node], everybody: Sequence[str], service: str, reached: Reached) -> Route:
    """Look for a way from a machine to every one of `nodes`, and to `service`, the API server's ClusterIP.

    `everybody` are the addresses of all nodes.
    """
    families = list(zip(*(node.addresses for node in nodes), strict=False))
    asked = [(address, KUBELET) for family in families for address in family]
    *answers, (_, no_services) = reached([*asked, (service, API_SERVER)])
    sources: list[str] = []
    for index in range(len(families)):
        of_family = answers[index * len(nodes) : (index + 1) * len(nodes)]
        if why_not := next((why for _, why in of_family if why), ""):
            if not sources:
                return Route(why_not=f"has no way to the nodes: {why_not}")
            continue
        sources.append(of_family[-1][0])
    if nodes_own := set(sources).intersection(everybody):
        return Route(why_not=f"is a node of the cluster ({', '.join(sorted(nodes_own))})")
    return Route(tuple(sources), no_services=no_services and f"has no route to ClusterIPs: {no_services}")


def in_pod(environment: Mapping[str, str], mounted: Path) -> bool:
    """Whether this process runs in a pod."""
    return "KUBERNETES_SERVICE_HOST" in environment and mounted.is_dir()

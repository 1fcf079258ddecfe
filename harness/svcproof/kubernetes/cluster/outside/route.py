"""The way from a machine to the nodes, without which it can be no client outside."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from svcproof.model.cluster import Node

KUBELET = 10250
"""Listens on every node: what answers there, if only by a refusal, is the node."""
Looked = Callable[[Sequence[tuple[str, int]], Sequence[str]], Sequence[tuple[str, str]]]
"""Has the machine connect to some addresses and ask its kernel for the way to others, as `reaching.looked` does."""


@dataclass(frozen=True, slots=True)
class Route:
    """The way from a machine to the nodes: the source address it has in each IP family, or why there is none.

    Reasons go on where the machine's name ends. A family besides the primary one, in which not every node
    answers, is left out.
    """

    sources: tuple[str, ...] = ()
    why_not: str = ""
    no_services: str = ""
    """The reason why it has no way to ClusterIPs."""


def to_nodes(nodes: Sequence[Node], everybody: Sequence[str], service: str, looked: Looked) -> Route:
    """Look for a way from a machine to every one of `nodes`, and to `service`, a ClusterIP.

    `everybody` are the addresses of all nodes. The way to ClusterIPs is one by a node; it is not tried, since the
    proxy under test would answer.
    """
    families = list(zip(*(node.addresses for node in nodes), strict=False))
    asked = [(address, KUBELET) for family in families for address in family]
    *answers, (hop, no_route) = looked(asked, [service])
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
    if hop and hop not in everybody:
        no_route = f"packets to {service} would go to {hop}, which is no node"
    return Route(tuple(sources), no_services=no_route and f"has no route to ClusterIPs: {no_route}")


def in_pod(environment: Mapping[str, str], mounted: Path) -> bool:
    """True if this process runs in a pod."""
    return "KUBERNETES_SERVICE_HOST" in environment and mounted.is_dir()

"""Whether this machine can be a client outside the cluster: shown by connecting, not by reading route tables."""

import socket
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from harness.model.cluster import Node

KUBELET = 10250
"""Listens on every node: what answers here, if only by a refusal, is the node."""
SILENT = 9
"""A port on which no node listens (discard): a connection that is accepted there was accepted by somebody else."""
WITHIN = 1.0


@dataclass(frozen=True, slots=True)
class Route:
    """The way from here to the nodes: the source address it has in each IP family, or why there is none.

    A family besides the primary one, in which not every node answers, is left out.
    """

    sources: tuple[str, ...] = ()
    why_not: str = ""


def to_nodes(nodes: Sequence[Node], everybody: Sequence[str], in_pod: bool) -> Route:
    """Look for a way from this machine to every one of `nodes`; `everybody` are the addresses of all nodes."""
    if sys.platform != "linux":
        return Route(why_not="the agent of this machine would need Linux")
    if in_pod:
        return Route(why_not="svcproof runs in a pod of the cluster")
    primary, *others = [_to(addresses) for addresses in zip(*(node.addresses for node in nodes), strict=False)]
    if primary.why_not:
        return primary
    sources = (*primary.sources, *(source for other in others for source in other.sources))
    if nodes_own := set(sources).intersection(everybody):
        return Route(why_not=f"this machine is a node of the cluster ({', '.join(sorted(nodes_own))})")
    return Route(sources)


def _to(addresses: Sequence[str]) -> Route:
    """The way to all of the nodes' addresses of one family."""
    source = ""
    for address in addresses:
        source, why_not = reached(address)
        if why_not:
            return Route(why_not=f"this machine has no way to the nodes: {why_not}")
    return Route((source,))


def reached(address: str, port: int = KUBELET) -> tuple[str, str]:
    """Return the source address with which `address` answers us, or an empty one and why it does not."""
    try:
        with socket.create_connection((address, SILENT), WITHIN):
            return (
                "",
                f"a connection to {address}:{SILENT}, where nothing listens, was accepted by something on the way",
            )
    except OSError:
        pass  # as it should be
    try:
        with socket.create_connection((address, port), WITHIN) as made:
            return str(made.getsockname()[0]), ""
    except ConnectionRefusedError:
        return _source(address), ""
    except OSError as why:
        return "", f"{address}:{port} did not answer within {WITHIN:g} s ({why})"


def in_pod(environment: Mapping[str, str], mounted: Path) -> bool:
    """Whether this process runs in a pod."""
    return "KUBERNETES_SERVICE_HOST" in environment and mounted.is_dir()


def _source(address: str) -> str:
    """The address that packets to `address` leave with; nothing is sent."""
    with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_DGRAM) as made:
        made.connect((address, SILENT))
        return str(made.getsockname()[0])

"""The capabilities that a declared cluster lacks, as far as the declaration and this machine tell."""

import socket
from collections.abc import Mapping, Sequence

from svcproof.model.cluster_spec import ClusterSpec
from svcproof.model.vocabulary import Capability


def by_declaration(spec: ClusterSpec, called: str) -> Mapping[Capability, str]:
    """Capability to reason; `called` is what the cluster is called in them, such as `the lab NAME`."""
    nodes, clients = f"nodes in {called}: {len(spec.nodes)}", f"outside clients of {called}: {spec.outside}"
    lacking = {
        Capability.TWO_NODES: len(spec.nodes) < 2 and nodes,
        Capability.THREE_NODES: len(spec.nodes) < 3 and nodes,
        Capability.TWO_ZONES: in_one_zone([node.zone for node in spec.nodes]),
        Capability.OUTSIDE_CLIENT: spec.outside < 1 and clients,
        Capability.TWO_OUTSIDE_CLIENTS: spec.outside < 2 and clients,
        Capability.SERVICE_ROUTE: spec.outside < 1 and clients,
        Capability.EXTERNAL_ADDRESSES: not spec.external_ranges and f"{called} has no externalRanges",
        Capability.IPV4: "ipv4" not in spec.families and f"{called} has no IPv4",
        Capability.IPV6: "ipv6" not in spec.families and f"{called} has no IPv6",
        Capability.DUAL_STACK: len(spec.families) < 2 and f"{called} has one IP family",
    }
    return {capability: reason for capability, reason in lacking.items() if reason}


def in_one_zone(zones: Sequence[str]) -> str:
    """The reason why the first two nodes, whose zones come first in `zones`, share a zone; empty if they do not."""
    first, second = (*zones, "", "")[:2]
    if first and second and first != second:
        return ""
    return f"the first two nodes are not in different zones: {', '.join(filter(None, zones)) or 'there are none'}"


def no_sctp() -> str:
    """The reason why the kernel of this machine has no SCTP for programs; empty if it has."""
    try:
        socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_SCTP).close()
    except OSError as error:
        return str(error.strerror)
    return ""

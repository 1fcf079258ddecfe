"""Addresses and ranges of a cluster, and the places that a lab gives its nodes in the node range."""

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

Range = IPv4Network | IPv6Network
Address = IPv4Address | IPv6Address

FIRST_NODE = 11
"""The place in the node range of a lab's first node; the fabric has the first address."""
FIRST_OUTSIDE = 101
"""The place in the node range of a lab's first client outside the cluster."""


@dataclass(frozen=True, slots=True)
class Span:
    """Addresses from `first` to `last`, both included."""

    first: Address
    last: Address

"""Ranges and addresses of a cluster, and where in the node range the lab puts whom.

Apart from `cluster_spec`, so that a lab's own process does without what reads declarations.
"""

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

Range = IPv4Network | IPv6Network
Address = IPv4Address | IPv6Address

FIRST_NODE = 11
"""Where in the node range the addresses of the lab's nodes begin; the fabric has the first address."""
FIRST_OUTSIDE = 101
"""Where in the node range the addresses of the clients outside begin."""


@dataclass(frozen=True, slots=True)
class Span:
    """Addresses from `first` to `last`, both included."""

    first: Address
    last: Address

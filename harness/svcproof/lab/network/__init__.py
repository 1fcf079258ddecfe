"""The network of a lab: namespaces, links, addresses and routes, as `Layout` has them."""

from svcproof.lab.network.network import NAMESPACES, Network, within

__all__ = ["NAMESPACES", "Network", "within"]

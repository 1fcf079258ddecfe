"""The network of a lab: namespaces, links, addresses and routes, as `Layout` has them."""

from svcproof.lab.network.network import Network

__all__ = ["Network"]

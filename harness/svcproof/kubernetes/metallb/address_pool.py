"""The addresses for MetalLB to give away, out of the network of the nodes: pure functions."""

from collections.abc import Collection, Iterable

from svcproof.addresses import Address, Range
from svcproof.errors import ProvisionError
from svcproof.model.cluster_spec import AddressSpan

SIZE = 40
"""Addresses in a pool, where the network has as many to spare."""
SHARE = 4
"""A pool has at most a fourth of the network: the rest is for nodes and clients."""


def free_addresses(network: Range, taken: Collection[Address], others: Collection[AddressSpan]) -> AddressSpan:
    """Return the highest span of the network that holds none of the addresses `taken` and meets no other pool.

    The highest, since container engines give low addresses first. Raises ProvisionError if there is no room.
    """
    size = min(SIZE, network.num_addresses // SHARE)
    occupied = [(int(address), int(address)) for address in taken if address.version == network.version]
    occupied += [(int(pool.first), int(pool.last)) for pool in others if pool.first.version == network.version]
    end = int(network.broadcast_address) - 1
    while size and end - size > int(network.network_address):
        obstacles = [low for low, high in occupied if low <= end and end - size < high]
        if not obstacles:
            first = type(network.network_address)(end - size + 1)
            return AddressSpan(first=first, last=first + (size - 1))
        end = min(obstacles) - 1
    raise ProvisionError(
        f"the network {network} of the nodes has no {size or SIZE} addresses in a row left for MetalLB: remove "
        "clusters and containers that are in it, or declare a loadBalancerPool"
    )


def pool_problems(pool: Iterable[AddressSpan], networks: Collection[Range]) -> tuple[str, ...]:
    """The problems of a declared pool in the network that the nodes turned out to have; a line each."""
    ranges = ", ".join(map(str, networks))
    return tuple(
        f"loadBalancerPool: {span.first} to {span.last} is outside the network of the nodes, {ranges}: nobody there "
        "would ask for these addresses"
        for span in pool
        if not any(span.first in network and span.last in network for network in networks)
    )

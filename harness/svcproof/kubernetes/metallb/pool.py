"""Where in the network of the nodes there is room for MetalLB's addresses: pure functions."""

from collections.abc import Collection, Iterable

from svcproof.addresses import Address, Range
from svcproof.errors import ProvisionError
from svcproof.model.cluster_spec import AddressSpan

SIZE = 40
"""Addresses in a pool, where the network has as many to spare."""
SHARE = 4
"""A pool has at most this part of the network: the rest is for nodes and clients."""


def pool(network: Range, taken: Collection[Address], others: Collection[AddressSpan]) -> AddressSpan:
    """Return the highest span of the network that holds none of the addresses `taken` and meets no other pool.

    The highest, since container engines give low addresses first. Raises ProvisionError where there is no room.
    """
    size = min(SIZE, network.num_addresses // SHARE)
    occupied = [*_numbers(network, taken), *_spans(network, others)]
    end = int(network.broadcast_address) - 1
    while size and end - size > int(network.network_address):
        in_the_way = [low for low, high in occupied if low <= end and end - size < high]
        if not in_the_way:
            first = type(network.network_address)(end - size + 1)
            return AddressSpan(first=first, last=first + (size - 1))
        end = min(in_the_way) - 1
    raise ProvisionError(
        f"the network {network} of the nodes has no {size or SIZE} addresses in a row left for MetalLB: remove "
        "clusters and containers that are in it, or declare a loadBalancerPool"
    )


def pool_problems(pool: Iterable[AddressSpan], networks: Collection[Range]) -> tuple[str, ...]:
    """Say what is wrong with a declared pool, in the network that the nodes turned out to have; a line each."""
    whole = ", ".join(map(str, networks))
    return tuple(
        f"loadBalancerPool: {span.first} to {span.last} is outside the network of the nodes, {whole}: nobody there "
        "would ask for these addresses"
        for span in pool
        if not any(span.first in one and span.last in one for one in networks)
    )


def _numbers(network: Range, taken: Iterable[Address]) -> Iterable[tuple[int, int]]:
    return ((int(one), int(one)) for one in taken if one.version == network.version)


def _spans(network: Range, others: Iterable[AddressSpan]) -> Iterable[tuple[int, int]]:
    return ((int(one.first), int(one.last)) for one in others if one.first.version == network.version)

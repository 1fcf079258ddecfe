"""Addresses and ports that checks choose: each process of a run has its share, so that no two choose the same."""

from collections.abc import Iterator
from ipaddress import ip_network
from itertools import chain, islice

from svcproof.model.cluster_spec import ClusterSpec

HOST_PORTS = range(12000, 20000)
"""Of nodes: below what agents are asked at, node ports and ephemeral ports."""


def external_share(spec: ClusterSpec, number: int, of: int) -> Iterator[str]:
    """The addresses of the first external range that are the share of process `number` of so many."""
    every = chain.from_iterable(ip_network(str(whole)).hosts() for whole in spec.external_ranges[:1])
    return map(str, islice(every, number, None, of))


def pool_share(spec: ClusterSpec, number: int) -> str:
    """The address of the load balancer's pool that process `number` may ask for; empty where it has none.

    It is of the family of the pool's first addresses. They are counted from the end: load balancers give the first
    ones to those who do not ask.
    """
    pool = spec.load_balancer_pool
    last = next((span for span in reversed(pool) if span.first.version == pool[0].first.version), None)
    return str(last.last - number) if last and int(last.last) - number > int(last.first) else ""

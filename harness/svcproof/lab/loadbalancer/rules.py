"""The rules of the load balancer, as values that can be exchanged one by one."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

from svcproof.addresses import Span
from svcproof.json_objects import Object
from svcproof.lab.loadbalancer.address_request import AddressRequest, address_request, is_ours
from svcproof.lab.loadbalancer.election import Announcers, Candidates, candidates, elect, may_announce
from svcproof.lab.loadbalancer.pool import Holding, Pool, choose

Choose = Callable[[Pool, AddressRequest, Holding | None, Collection[Holding], Sequence[str]], tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Pure functions, from Services to their addresses and the nodes that announce these."""

    is_ours: Callable[[Object], bool] = is_ours
    request: Callable[[Object], AddressRequest] = address_request
    pool: Callable[[Sequence[Span]], Pool] = Pool
    choose: Choose = choose
    gives_back: Callable[[Object], bool] = lambda service: True
    """True if a Service that this load balancer no longer serves leaves its address to others."""
    may_announce: Callable[[Object], bool] = may_announce
    candidates: Candidates = candidates
    take_over: Callable[[Announcers, Announcers], Announcers] = lambda before, elected: elected
    """The nodes that announce, from those that did before and those elected now."""

    def announcers(
        self,
        before: Announcers,
        services: Iterable[Object],
        slices: Iterable[Object],
        nodes: Iterable[Object],
        pool: Pool,
    ) -> Announcers:
        """Return who announces which address, where others did `before`."""
        able = [node["metadata"]["name"] for node in nodes if self.may_announce(node)]
        elected = elect(filter(self.is_ours, services), slices, able, pool, self.candidates)
        return self.take_over(before, elected)

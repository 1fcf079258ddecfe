"""The points that the API leaves open about the endpoints of one port of a Service: the ways to read its slices."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import groupby, product
from math import prod

from svcproof.model.behaviour import Level
from svcproof.promise.clauses import ENDPOINT_SLICES, SAFEGUARDS
from svcproof.promise.either import Reading
from svcproof.promise.endpoints import Endpoints
from svcproof.promise.expectation import Backend
from svcproof.promise.rulebook import rule
from svcproof.promise.slices import Listed
from svcproof.promise.world import Endpoint

MOST = 12
"""Combinations of copies that are all read; of more, those where all copies but one are the readiest, or the least."""


@rule(ENDPOINT_SLICES + "#duplicate-endpoints", Level.MAY, kep=752)
def either_listing_may_hold_where_they_disagree(copies: Endpoints) -> bool:
    """Nothing says which listing of an endpoint holds if it is listed twice, in one slice or two, differently."""
    return len({_conditions(copy.endpoint) for copy in copies}) > 1


@rule(SAFEGUARDS, Level.MAY, kep=2433)
def endpoint_that_is_not_ready_may_need_a_hint_too(listed: Endpoints, hints: Callable[[Endpoint], object]) -> bool:
    """Hints may be ignored if an endpoint has none that is not ready: the texts ask for one of each endpoint.

    kube-proxy asks for one of each endpoint that is ready.
    """
    return any(not hints(item.endpoint) and not item.endpoint.ready for item in listed)


def readings(listed: Endpoints) -> Iterator[Reading[Endpoints]]:
    """The further readings of these endpoints."""
    disputed = [backend for backend, copies in _copies(listed) if either_listing_may_hold_where_they_disagree(copies)]
    if disputed:
        yield Reading(either_listing_may_hold_where_they_disagree.rule, _one_copy_of(tuple(disputed)))
    yield Reading(endpoint_that_is_not_ready_may_need_a_hint_too.rule, _without_zone_hints)
    yield Reading(endpoint_that_is_not_ready_may_need_a_hint_too.rule, _without_node_hints)


def _conditions(endpoint: Endpoint) -> Endpoint:
    """The endpoint without what does not matter for who answers."""
    return replace(endpoint, addresses=endpoint.addresses[:1], zone="")


def _copies(listed: Endpoints) -> Iterator[tuple[Backend, Endpoints]]:
    for backend, copies in groupby(sorted(listed, key=lambda item: item.backend), key=lambda item: item.backend):
        yield backend, tuple(copies)


def _one_copy_of(backends: tuple[Backend, ...]) -> Callable[[Endpoints], Iterator[Endpoints]]:
    """Make the readings in which one copy of each of these backends holds."""

    def others_of(listed: Endpoints) -> Iterator[Endpoints]:
        others = tuple(item for item in listed if item.backend not in backends)
        for copies in _combinations([_distinct(listed, backend) for backend in backends]):
            yield (*others, *copies)

    return others_of


def _distinct(listed: Endpoints, backend: Backend) -> Endpoints:
    """The copies of a backend that are not alike, the readiest first."""
    copies = sorted((item for item in listed if item.backend == backend), key=_rank)
    return tuple({_conditions(item.endpoint): item for item in copies}.values())


def _combinations(several: list[Endpoints]) -> Iterator[Endpoints]:
    """Yield one copy of each: all combinations, or, where there are too many, enough to see every copy decide.

    A copy has the most to say where those of the others are the readiest, and where they are the least ready.
    """
    if prod(map(len, several)) <= MOST:
        yield from product(*several)
        return
    for extreme in (0, -1):
        all_alike = [copies[extreme] for copies in several]
        for place, copies in enumerate(several):
            yield from ((*all_alike[:place], copy, *all_alike[place + 1 :]) for copy in copies)


def _rank(item: Listed) -> tuple[object, ...]:
    """The order of copies, the readiest first, so that the order of slices has no say."""
    endpoint = item.endpoint
    conditions = (not endpoint.ready, not endpoint.serving, endpoint.terminating)
    return (*conditions, endpoint.node, sorted(endpoint.nodes), sorted(endpoint.zones))


def _without_zone_hints(listed: Endpoints) -> Iterator[Endpoints]:
    if endpoint_that_is_not_ready_may_need_a_hint_too(listed, lambda endpoint: endpoint.zones):
        yield tuple(Listed(item.backend, replace(item.endpoint, zones=frozenset())) for item in listed)


def _without_node_hints(listed: Endpoints) -> Iterator[Endpoints]:
    if endpoint_that_is_not_ready_may_need_a_hint_too(listed, lambda endpoint: endpoint.nodes):
        yield tuple(Listed(item.backend, replace(item.endpoint, nodes=frozenset())) for item in listed)

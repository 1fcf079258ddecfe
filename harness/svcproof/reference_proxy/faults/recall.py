"""Mutations of the stages that remember: what was believed or served last is an input beside what is there now."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from svcproof.reference_proxy.endpoints import Choose, Endpoints
from svcproof.reference_proxy.family import Family
from svcproof.reference_proxy.faults.mutation import Mutation
from svcproof.reference_proxy.frontends import Frontend, Frontends
from svcproof.reference_proxy.stages import Stages
from svcproof.reference_proxy.state import Service, Slice, State

Destination = tuple[str, str, int]
Slices = tuple[Slice, ...]
Chosen = Callable[[Frontend], bool]


def recalling(change: Callable[[Service, Service], Service]) -> Mutation:
    """Take a Service for what `change` makes of what it was taken for last, and what it is."""

    def apply(stages: Stages) -> Stages:
        recalled: dict[str, Service] = {}

        def select(state: State) -> State:
            now = {service.key: change(recalled.get(service.key, service), service) for service in state.services}
            recalled.clear()
            recalled.update(now)
            return stages.select(replace(state, services=tuple(now.values())))

        return replace(stages, select=select)

    return apply


def never_changing(*fields: str) -> Mutation:
    """Take a Service to have the values of these fields that it had first."""
    return recalling(lambda before, now: replace(now, **{field: getattr(before, field) for field in fields}))


def recalling_slices(change: Callable[[Slices, Slices], Slices]) -> Mutation:
    """Take the EndpointSlices of a Service for what `change` makes of those of last time, and those of now."""

    def apply(stages: Stages) -> Stages:
        recalled: dict[str, Slices] = {}

        def select(state: State) -> State:
            for service in recalled.keys() | state.slices.keys():
                now = state.slices.get(service, ())
                recalled[service] = change(recalled.get(service, now), now)
            return stages.select(replace(state, slices=dict(recalled)))

        return replace(stages, select=select)

    return apply


def reviewing(review: Callable[[Frontends, Frontends, State], Frontends]) -> Mutation:
    """Serve what `review` makes of the frontends served last, and those of now."""

    def apply(stages: Stages) -> Stages:
        last: dict[Family, Frontends] = {}

        def frontends(state: State, family: Family, choose: Choose) -> Frontends:
            now = stages.frontends(state, family, choose)
            last[family] = review(last.get(family, ()), now, state)
            return last[family]

        return replace(stages, frontends=frontends)

    return apply


def keeping(keep: Callable[[Frontend, Frontends, State], bool]) -> Mutation:
    """Go on serving those that are gone of which `keep` says so."""

    def review(before: Frontends, now: Frontends, state: State) -> Frontends:
        taken = {destination(frontend) for frontend in now}
        return now + tuple(
            frontend for frontend in before if destination(frontend) not in taken and keep(frontend, now, state)
        )

    return reviewing(review)


def fixed_at(chosen: Chosen, *fields: str) -> Mutation:
    """Serve the frontends that are `chosen` with the values of these fields that they had first."""

    def review(before: Frontends, now: Frontends, state: State) -> Frontends:
        first: dict[Destination, Frontend] = {destination(frontend): frontend for frontend in before}

        def fixed(frontend: Frontend) -> Frontend:
            values: dict[str, Any] = {
                field: getattr(first.get(destination(frontend), frontend), field) for field in fields
            }
            return replace(frontend, **values) if chosen(frontend) else frontend

        return tuple(map(fixed, now))

    return reviewing(review)


def keeping_endpoints_at(chosen: Chosen) -> Mutation:
    """Lead the frontends that are `chosen` to every endpoint they have had."""

    def review(before: Frontends, now: Frontends, state: State) -> Frontends:
        old = {destination(frontend): frontend for frontend in before if chosen(frontend)}
        return tuple(
            replace(frontend, cluster=_union(frontend.cluster, was.cluster), local=_union(frontend.local, was.local))
            if (was := old.get(destination(frontend)))
            else frontend
            for frontend in now
        )

    return reviewing(review)


def destination(frontend: Frontend) -> Destination:
    """Return the address, protocol and port at which it is reached."""
    return frontend.address, frontend.protocol, frontend.port


def _union(first: Endpoints, second: Endpoints) -> Endpoints:
    known = {(endpoint.address, endpoint.port) for endpoint in first}
    return first + tuple(endpoint for endpoint in second if (endpoint.address, endpoint.port) not in known)

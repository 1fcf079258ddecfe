"""Faults where addresses, ports and slices change hands or places: who had them first is remembered."""

from collections.abc import Iterable
from dataclasses import replace

from svcproof.fault import Fault
from svcproof.reference_proxy.faults.mutation import Mutation, serving
from svcproof.reference_proxy.faults.recall import Destination, destination, recalling
from svcproof.reference_proxy.flows import Flow, Flows
from svcproof.reference_proxy.frontends import Frontend, FrontendKind, Frontends
from svcproof.reference_proxy.stages import Stages
from svcproof.reference_proxy.state import Endpoint, Service, ServicePort, ServiceProtocol, Slice, State

LOAD_BALANCER_IP, EXTERNAL_IP = FrontendKind.LOAD_BALANCER_IP, FrontendKind.EXTERNAL_IP
Place = tuple[str, ServiceProtocol, str, int]
"""Name and protocol of a port, address and number of an endpoint."""


def _first_owner(stages: Stages) -> Stages:
    """Lead an address and port to the endpoints of the Service that had it first."""
    owners: dict[Destination, Frontend] = {}

    def change(now: Frontends, state: State) -> Frontends:
        return tuple(map(led, now))

    def led(frontend: Frontend) -> Frontend:
        owner = owners.setdefault(destination(frontend), frontend)
        if owner.service == frontend.service:
            owners[destination(frontend)] = frontend
            return frontend
        return replace(frontend, cluster=owner.cluster, local=owner.local)

    return serving(change)(stages)


def _lost_with_one_field(stages: Stages) -> Stages:
    """Close an externalIP that was an address of the load balancer of its Service, too, and no longer is."""
    balanced: dict[Destination, str] = {}

    def change(now: Frontends, state: State) -> Frontends:
        balanced.update({destination(each): each.service for each in now if each.kind is LOAD_BALANCER_IP})
        return tuple(
            frontend
            for frontend in now
            if frontend.kind is not EXTERNAL_IP or balanced.get(destination(frontend)) != frontend.service
        )

    return serving(change)(stages)


def _flows_of_first_owner(stages: Stages) -> Stages:
    """Leave alone the flows to what is nobody's now, or another Service's than at first."""
    owners: dict[tuple[str, int], str] = {}

    def stale(flows: Iterable[Flow], before: Frontends, after: Frontends) -> Flows:
        for frontend in (*before, *after):
            owners.setdefault((frontend.address, frontend.port), frontend.service)
        own = {place for each in after if owners[place := (each.address, each.port)] == each.service}
        return stages.stale([flow for flow in flows if (flow.address, flow.port) in own], before, after)

    return replace(stages, stale=stale)


def _same_values(before: Service, now: Service) -> Service:
    """Take ports for unchanged whose numbers, node ports, names and protocols are the same ones together."""

    def values(ports: tuple[ServicePort, ...]) -> tuple[list[object], ...]:
        return tuple(
            sorted(column, key=str)
            for column in zip(*((port.name, port.protocol, port.port, port.node_port) for port in ports), strict=True)
        )

    return replace(now, ports=before.ports) if values(before.ports) == values(now.ports) else now


def _blind_without_endpoints(stages: Stages) -> Stages:
    """Miss edits of a Service that had endpoints and has none just then."""
    believed: dict[str, Service] = {}
    latest: dict[str, Service] = {}
    served: set[str] = set()

    def select(state: State) -> State:
        for known in (believed, latest):
            for key in known.keys() - {service.key for service in state.services}:
                del known[key]
        for service in state.services:
            has_endpoints = any(part.endpoints for part in state.slices.get(service.key, ()))
            served.update([service.key] if has_endpoints else [])
            is_edited = latest.get(service.key) != service
            if service.key not in believed or (is_edited and (has_endpoints or service.key not in served)):
                believed[service.key] = service
            latest[service.key] = service
        return stages.select(replace(state, services=tuple(believed[service.key] for service in state.services)))

    return replace(stages, select=select)


def _slices_of_later_services(stages: Stages) -> Stages:
    """Leave out EndpointSlices that were there before their Service, until they change."""
    known: set[str] | None = None
    early: dict[str, Slice] = {}

    def select(state: State) -> State:
        nonlocal known
        now = {service.key for service in state.services}
        waiting = {part.name: part for key, parts in state.slices.items() if key not in now for part in parts}
        if known is not None:
            early.update(waiting)
        known = now
        slices = {key: tuple(part for part in parts if not lost(key, part)) for key, parts in state.slices.items()}
        return stages.select(replace(state, slices=slices))

    def lost(service: str, part: Slice) -> bool:
        return service == part.service and early.get(part.name) == part

    return replace(stages, select=select)


def _gone_with_one_slice(stages: Stages) -> Stages:
    """Take an endpoint for gone when one of the slices that list it goes, until another of them changes."""
    last: dict[str, dict[str, Slice]] = {}
    struck: dict[tuple[str, Place], Slice] = {}

    def select(state: State) -> State:
        slices = {}
        for key, parts in state.slices.items():
            before, now = last.get(key, {}), {part.name: part for part in parts}
            gone = {place for name, part in before.items() for place in _places(part) - _places(now.get(name))}
            same = [part for name, part in now.items() if before.get(name) == part]
            struck.update({(part.name, place): part for part in same for place in gone & _places(part)})
            last[key] = now
            slices[key] = tuple(replace(part, endpoints=tuple(left(part))) for part in parts)
        return stages.select(replace(state, slices=slices))

    def left(part: Slice) -> Iterable[tuple[str, ServiceProtocol, Endpoint]]:
        return (entry for entry in part.endpoints if struck.get((part.name, _place(entry))) != part)

    return replace(stages, select=select)


def _place(entry: tuple[str, ServiceProtocol, Endpoint]) -> Place:
    name, protocol, endpoint = entry
    return name, protocol, endpoint.address, endpoint.port


def _places(part: Slice | None) -> set[Place]:
    return set(map(_place, part.endpoints)) if part else set()


PLACES_CHANGED: Mutation = recalling(_same_values)
FAULTS: tuple[Fault[Stages], ...] = (
    Fault(
        "address-keeps-its-first-service",
        "An address and port that another Service has taken over leads to the endpoints of the Service that had it.",
        _first_owner,
        "https://github.com/projectcalico/calico/issues/13279",
    ),
    Fault(
        "udp-flow-of-inherited-address-kept",
        "UDP flows to an address and port that another Service has taken over stay with the first one's endpoint.",
        _flows_of_first_owner,
    ),
    Fault(
        "address-of-two-fields-lost-with-one",
        "An address that is a Service's externalIP and its load balancer's is closed when it is no longer the latter.",
        _lost_with_one_field,
    ),
    Fault(
        "ports-that-change-places-ignored",
        "When two ports of a Service exchange their numbers or node ports, that is taken for no change.",
        PLACES_CHANGED,
    ),
    Fault(
        "edit-without-endpoints-ignored",
        "An edit of a Service that has no endpoints just then is missed.",
        _blind_without_endpoints,
    ),
    Fault(
        "slice-older-than-its-service-ignored",
        "An EndpointSlice that is older than its Service is missed until it changes.",
        _slices_of_later_services,
    ),
    Fault(
        "endpoint-lost-with-one-of-its-slices",
        "An endpoint that two EndpointSlices list is lost when one of them goes.",
        _gone_with_one_slice,
    ),
)

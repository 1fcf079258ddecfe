"""Edits of one field that go unnoticed at the addresses of one kind: a fault for each field and each kind."""

from collections.abc import Callable
from dataclasses import replace

from svcproof.fault import Fault
from svcproof.reference_proxy.endpoints import Choose
from svcproof.reference_proxy.family import Family
from svcproof.reference_proxy.faults.mutation import Mutation
from svcproof.reference_proxy.frontends import FrontendKind, Frontends
from svcproof.reference_proxy.health import HealthAnswers
from svcproof.reference_proxy.stages import Stages
from svcproof.reference_proxy.state import Endpoint, Service, Slice, State

Known = tuple[Service, tuple[Slice, ...]]
"""A Service and its EndpointSlices."""
Hold = Callable[[Known, Known], Known]
"""From what was known first and what there is now to what is believed."""
Believe = Callable[[Known, Known, Known], Known]
"""The same, from what was known first, what was believed last, and what there is now."""
KINDS = {
    "cluster-ip": FrontendKind.CLUSTER_IP,
    "node-port": FrontendKind.NODE_PORT,
    "external-ip": FrontendKind.EXTERNAL_IP,
    "load-balancer": FrontendKind.LOAD_BALANCER_IP,
}
"""Kinds of addresses by the word for them in names of faults."""
PLACES = (*KINDS, "health-check")


def believing_at(place: str, believe: Believe) -> Mutation:
    """Serve the addresses of one place by what `believe` makes of each Service, and all others as is right."""
    kind = KINDS.get(place)

    def apply(stages: Stages) -> Stages:
        first: dict[str, Known] = {}
        last: dict[str, Known] = {}
        believed: list[State] = []

        def select(state: State) -> State:
            now = {service.key: (service, state.slices.get(service.key, ())) for service in state.services}
            for gone in first.keys() - now.keys():
                del first[gone], last[gone]
            for key, known in now.items():
                if not _has_endpoints(first.get(key, known)):
                    first[key] = (first.get(key, known)[0], known[1])
                last[key] = believe(first.setdefault(key, known), last.get(key, known), known)
            others = {key: slices for key, slices in state.slices.items() if key not in now}
            services, slices = (
                tuple(known[0] for known in last.values()),
                {key: known[1] for key, known in last.items()},
            )
            believed[:] = [stages.select(replace(state, services=services, slices={**others, **slices}))]
            return stages.select(state)

        def frontends(state: State, family: Family, choose: Choose) -> Frontends:
            right = stages.frontends(state, family, choose)
            if kind is None:
                return right
            wrong = (each for each in stages.frontends(believed[0], family, choose) if each.kind is kind)
            # Under another name, for chains are shared by what has one name.
            named = tuple(replace(each, service=f"{each.service}/believed") for each in wrong)
            return (*(each for each in right if each.kind is not kind), *named)

        def health(state: State) -> HealthAnswers:
            return stages.health(believed[0] if kind is None else state)

        return replace(stages, select=select, frontends=frontends, health=health)

    return apply


def held(hold: Hold) -> Believe:
    """Believe what was known first."""
    return lambda first, last, now: hold(first, now)


def not_taken_back(hold: Hold) -> Believe:
    """Believe every value but the first one when it comes back: then the one before it holds."""
    return lambda first, last, now: hold(last, now) if hold(first, now) == now else now


def lost(first: Known, last: Known, now: Known) -> Known:
    """Take a Service that was edited for one that has no addresses any more."""
    if now[0] == first[0]:
        return now
    nothing = replace(now[0], cluster_ips=(), external_ips=(), load_balancer_ips=(), health_check_port=0)
    return nothing, now[1]


def _has_endpoints(known: Known) -> bool:
    return any(part.endpoints for part in known[1])


def _service(*fields: str) -> Hold:
    """Hold fields of the Service."""

    def hold(first: Known, now: Known) -> Known:
        return replace(now[0], **{field: getattr(first[0], field) for field in fields}), now[1]

    return hold


def _endpoint(*fields: str) -> Hold:
    """Hold fields of each endpoint, by its address."""

    def hold(first: Known, now: Known) -> Known:
        old = {end.address: end for part in first[1] for _, _, end in part.endpoints}

        def as_before(endpoint: Endpoint) -> Endpoint:
            before = old.get(endpoint.address, endpoint)
            return replace(endpoint, **{field: getattr(before, field) for field in fields})

        parts = (
            replace(part, endpoints=tuple((name, protocol, as_before(end)) for name, protocol, end in part.endpoints))
            for part in now[1]
        )
        return now[0], tuple(parts)

    return hold


def _slices(first: Known, now: Known) -> Known:
    return now[0], first[1]


FIELDS: dict[str, tuple[str, Hold]] = {
    "type": ("the type", _service("type", "ports", "cluster_ips", "load_balancer_ips")),
    "ports": ("the ports", _service("ports")),
    "external-ips": ("the externalIPs", _service("external_ips")),
    "status": ("the addresses in the status", _service("load_balancer_ips")),
    "source-ranges": ("the loadBalancerSourceRanges", _service("source_ranges")),
    "itp": ("the internalTrafficPolicy", _service("internal_policy")),
    "etp": ("the externalTrafficPolicy", _service("external_policy")),
    "affinity": ("the sessionAffinity", _service("affinity")),
    "health": ("the healthCheckNodePort", _service("health_check_port")),
    "label": ("the labels", _service("labels")),
    "endpoints": ("the endpoints", _slices),
    "conditions": ("the conditions of endpoints", _endpoint("ready", "serving", "terminating")),
    "hints": ("the hints of endpoints", _endpoint("zones", "nodes")),
    "node-name": ("the nodeName of endpoints", _endpoint("node")),
}
"""The fields that are held, by the word for them in names of faults: in the words of the API, and how."""
OF_SOME = {
    "external-ips": {"external-ip"},
    "status": {"load-balancer"},
    "source-ranges": {"load-balancer"},
    "itp": {"cluster-ip"},
    "etp": {"node-port", "external-ip", "load-balancer"},
    "health": {"health-check"},
    "endpoints": {*PLACES},
    "conditions": {*PLACES},
    "node-name": {*PLACES},
}
"""The places that some fields concern; others concern every kind of address, and no health check."""
GIVEN_ANEW = {"type", "health"}
"""Fields with which an address or a number changes: what comes back then is not what was there first."""


def _ignored() -> tuple[Fault[Stages], ...]:
    return tuple(
        Fault(
            f"{field}-edit-ignored-at-{place}",
            f"A change of {words} of a live Service is not noticed at its {place.replace('-', ' ')}.",
            believing_at(place, held(hold)),
        )
        for field, (words, hold) in FIELDS.items()
        for place in PLACES
        if place in OF_SOME.get(field, KINDS)
    )


def _back_ignored() -> tuple[Fault[Stages], ...]:
    return tuple(
        Fault(
            f"{field}-edit-back-ignored",
            f"Where {words} of a live Service are changed back to what they were at first, that is not noticed.",
            _everywhere(not_taken_back(hold)),
        )
        for field, (words, hold) in FIELDS.items()
        if field not in GIVEN_ANEW
    )


def _everywhere(believe: Believe) -> Mutation:
    def apply(stages: Stages) -> Stages:
        for place in PLACES:
            stages = believing_at(place, believe)(stages)
        return stages

    return apply


def _lost() -> tuple[Fault[Stages], ...]:
    return tuple(
        Fault(
            f"edited-service-lost-at-{place}",
            f"A Service that is edited in any way is no longer served at its {place.replace('-', ' ')}.",
            believing_at(place, lost),
        )
        for place in KINDS
    )


def _zone_held(stages: Stages) -> Stages:
    """Take the node to be in the zone that it was in first."""
    zones: list[str] = []

    def believed(state: State) -> State:
        zones.append(state.node.zone)
        return replace(state, node=replace(state.node, zone=zones[0]))

    return replace(stages, select=lambda state: stages.select(believed(state)))


ZONE = Fault("zone-of-node-edit-ignored", "A change of the zone of the node is not noticed.", _zone_held)
FAULTS: tuple[Fault[Stages], ...] = (*_ignored(), *_back_ignored(), *_lost(), ZONE)

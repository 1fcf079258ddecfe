"""A live change goes unnoticed everywhere, or what is given up is served further at the addresses of one kind."""

from dataclasses import replace

from svcproof.fault import Fault
from svcproof.reference_proxy.faults.mutation import Mutation, at, believing
from svcproof.reference_proxy.faults.recall import (
    Slices,
    keeping,
    keeping_endpoints_at,
    never_changing,
    recalling,
    recalling_slices,
)
from svcproof.reference_proxy.frontends import Frontend, FrontendKind, Frontends
from svcproof.reference_proxy.stages import Stages
from svcproof.reference_proxy.state import Service, State

CLUSTER_IP, _, LOAD_BALANCER, EXTERNAL_IP = FrontendKind


def _never_gaining_ports(before: Service, now: Service) -> Service:
    return replace(now, ports=before.ports if len(now.ports) > len(before.ports) else now.ports)


def _given_up_at(kind: FrontendKind) -> Mutation:
    """Go on serving frontends of a kind that a Service still there no longer has."""

    def keep(frontend: Frontend, now: Frontends, state: State) -> bool:
        return frontend.kind is kind and any(service.key == frontend.service for service in state.services)

    return keeping(keep)


def _blocked_by_ranges(before: Service, now: Service) -> Service:
    edited = before.source_ranges not in ((), now.source_ranges)
    return replace(now, source_ranges=("192.0.2.255/32",) if edited else now.source_ranges)


def _conditions_of_first_time(before: Slices, now: Slices) -> Slices:
    """Keep endpoints as they were first, as long as no address comes or goes."""

    def places(slices: Slices) -> set[tuple[str, str, str, int]]:
        return {(name, proto, end.address, end.port) for part in slices for name, proto, end in part.endpoints}

    return before if places(before) == places(now) else now


def _hints_of_first_time(before: Slices, now: Slices) -> Slices:
    hints = {end.address: (end.zones, end.nodes) for part in before for _, _, end in part.endpoints}

    def hinted(part_of: Slices) -> Slices:
        return tuple(
            replace(
                part,
                endpoints=tuple(
                    (name, protocol, replace(end, zones=zones, nodes=nodes))
                    for name, protocol, end in part.endpoints
                    for zones, nodes in [hints.get(end.address, (end.zones, end.nodes))]
                ),
            )
            for part in part_of
        )

    return hinted(now)


def _relabelled_slices_too(stages: Stages) -> Stages:
    """Count an EndpointSlice among those of each Service that it ever was labelled for."""
    owners: dict[str, set[str]] = {}

    def believed(state: State) -> State:
        parts = {part.name: part for slices in state.slices.values() for part in slices}
        for service, slices in state.slices.items():
            for part in slices:
                owners.setdefault(part.name, set()).add(service)
        services = {service for name in parts for service in owners[name]}
        kept = {service: tuple(parts[name] for name in parts if service in owners[name]) for service in services}
        return replace(state, slices=kept)

    return believing(believed)(stages)


FAULTS: tuple[Fault[Stages], ...] = (
    Fault(
        "etp-edit-ignored",
        "A change of externalTrafficPolicy on a live Service is not noticed.",
        never_changing("external_policy"),
    ),
    Fault(
        "lb-keeps-removed-endpoint",
        "Removed endpoints still get what arrives at load balancer addresses.",
        keeping_endpoints_at(at(LOAD_BALANCER)),
        "https://github.com/kubernetes/kubernetes/issues/91812",
    ),
    Fault(
        "external-ip-keeps-removed-endpoint",
        "Removed endpoints still get what arrives at externalIPs.",
        keeping_endpoints_at(at(EXTERNAL_IP)),
    ),
    Fault(
        "port-added-not-served",
        "A port added to a live Service is not served.",
        recalling(_never_gaining_ports),
    ),
    Fault(
        "load-balancer-port-given-up-still-served",
        "A port or an address that a Service gives up is served further at its load balancer addresses.",
        _given_up_at(LOAD_BALANCER),
    ),
    Fault(
        "external-ip-port-given-up-still-served",
        "A port or an address that a Service gives up is served further at its externalIPs.",
        _given_up_at(EXTERNAL_IP),
    ),
    Fault(
        "cluster-ip-port-given-up-still-served",
        "A port that a Service gives up is served further at its ClusterIP.",
        _given_up_at(CLUSTER_IP),
    ),
    Fault(
        "lbsr-edit-blocks-all",
        "When loadBalancerSourceRanges are edited or taken away, nobody is let in any more.",
        recalling(_blocked_by_ranges),
        "https://github.com/cilium/cilium/issues/36473",
    ),
    Fault(
        "condition-edit-ignored",
        "A change of an endpoint's conditions is not noticed where its address stays.",
        recalling_slices(_conditions_of_first_time),
        "https://github.com/kubernetes/kubernetes/pull/106239",
    ),
    Fault(
        "last-endpoint-never-removed",
        "When the last endpoint of a Service goes, it is kept.",
        recalling_slices(lambda before, now: now if any(part.endpoints for part in now) else before),
        "https://github.com/kubernetes/kubernetes/issues/139628",
    ),
    Fault(
        "hint-edit-ignored",
        "A change of an endpoint's hints is not noticed.",
        recalling_slices(_hints_of_first_time),
    ),
    Fault(
        "slice-relabelled-still-used",
        "An EndpointSlice that is labelled for another Service still counts as the first one's.",
        _relabelled_slices_too,
    ),
)

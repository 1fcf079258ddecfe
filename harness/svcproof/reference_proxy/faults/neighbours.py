"""Faults by which the fate of one Service befalls another."""

from collections.abc import Callable
from dataclasses import replace

from svcproof.fault import Fault
from svcproof.reference_proxy.endpoints import Choose, Endpoints
from svcproof.reference_proxy.family import Family
from svcproof.reference_proxy.faults.mutation import Mutation, serving
from svcproof.reference_proxy.faults.recall import Destination, destination
from svcproof.reference_proxy.frontends import Frontend, FrontendKind, Frontends
from svcproof.reference_proxy.stages import Stages
from svcproof.reference_proxy.state import State

SHARED = (FrontendKind.LOAD_BALANCER_IP, FrontendKind.EXTERNAL_IP)
Befall = Callable[[Frontends, Frontend], Frontend | None]
"""The frontend as the end of others leaves it: None if it is gone too, itself if nothing happens to it."""


def _befalling(befall: Befall) -> Mutation:
    """Serve each frontend as the end of others has left it, until something about it changes."""

    def apply(stages: Stages) -> Stages:
        last: dict[Family, Frontends] = {}
        struck: dict[Destination, tuple[Frontend, Frontend | None]] = {}

        def frontends(state: State, family: Family, choose: Choose) -> Frontends:
            now = stages.frontends(state, family, choose)
            known = {destination(frontend) for frontend in now}
            gone = tuple(frontend for frontend in last.get(family, ()) if destination(frontend) not in known)
            last[family] = now
            return tuple(served for frontend in now if (served := after(gone, frontend)) is not None)

        def after(gone: Frontends, frontend: Frontend) -> Frontend | None:
            place = destination(frontend)
            sound, left = struck.get(place, (frontend, frontend))
            left = left if sound == frontend else frontend
            if gone and left is not None:
                left = befall(gone, left)
            struck[place] = frontend, left
            return left

        return replace(stages, frontends=frontends)

    return apply


def _losing_endpoints(gone: Frontends, frontend: Frontend) -> Frontend:
    lost = {endpoint for other in gone if other.service != frontend.service for endpoint in other.reachable}

    def left(endpoints: Endpoints) -> Endpoints:
        return tuple(endpoint for endpoint in endpoints if endpoint not in lost)

    return replace(frontend, cluster=left(frontend.cluster), local=left(frontend.local))


def _with(related: Callable[[Frontend, Frontend], bool]) -> Befall:
    """Have a frontend go with those of other Services that are `related`."""
    return lambda gone, frontend: (
        None if any(other.service != frontend.service and related(other, frontend) for other in gone) else frontend
    )


def _both_load_balanced(gone: Frontend, frontend: Frontend) -> bool:
    return gone.kind is frontend.kind is FrontendKind.LOAD_BALANCER_IP


def _named_alike(gone: Frontend, frontend: Frontend) -> bool:
    return frontend.service.startswith(gone.service)


def _of_another_namespace(gone: Frontend, frontend: Frontend) -> bool:
    return gone.service.split("/")[1] == frontend.service.split("/")[1]


def _of_another_protocol(gone: Frontend, frontend: Frontend) -> bool:
    return (gone.address, gone.port) == (frontend.address, frontend.port)


def _at_the_same_address(gone: Frontend, frontend: Frontend) -> bool:
    return gone.address == frontend.address and gone.kind is frontend.kind is FrontendKind.LOAD_BALANCER_IP


def _of_one_port_number(gone: Frontend, frontend: Frontend) -> bool:
    return gone.kind is frontend.kind is FrontendKind.CLUSTER_IP and gone.service_port == frontend.service_port


def _taking_over_kubernetes(gone: Frontends, frontend: Frontend) -> Frontend:
    heirs = [other for other in gone if other.cluster and other.service != frontend.service]
    if frontend.service != "default/kubernetes" or not heirs:
        return frontend
    return replace(frontend, cluster=heirs[0].cluster, local=heirs[0].local)


def _one_service_per_address(frontends: Frontends, state: State) -> Frontends:
    owner: dict[str, str] = {}
    for frontend in frontends:
        if frontend.kind in SHARED:
            owner.setdefault(frontend.address, frontend.service)
    return tuple(
        frontend for frontend in frontends if owner.get(frontend.address, frontend.service) == frontend.service
    )


FAULTS: tuple[Fault[Stages], ...] = (
    Fault(
        "shared-endpoint-lost-with-neighbour",
        "When a Service is deleted, its endpoints are taken from the Services that share them.",
        _befalling(_losing_endpoints),
        "https://github.com/antrea-io/antrea/pull/1815",
    ),
    Fault(
        "lb-address-lost-with-neighbour",
        "When a load balancer's address is given up, those of other Services are closed.",
        _befalling(_with(_both_load_balanced)),
        "https://github.com/antrea-io/antrea/issues/4361",
    ),
    Fault(
        "shared-address-lost-with-neighbour",
        "When one of two Services that share a load balancer's address gives it up, the other loses it.",
        _befalling(_with(_at_the_same_address)),
        "https://github.com/metallb/metallb/issues/335",
    ),
    Fault(
        "longer-names-deleted-too",
        "When a Service is deleted, so are those whose names begin with its name.",
        _befalling(_with(_named_alike)),
    ),
    Fault(
        "same-name-elsewhere-deleted-too",
        "When a Service is deleted, so are those of the same name in other namespaces.",
        _befalling(_with(_of_another_namespace)),
    ),
    Fault(
        "other-protocol-deleted-too",
        "When a Service's port is taken away, one of another Service goes that has its number and another protocol.",
        _befalling(_with(_of_another_protocol)),
        "https://github.com/cilium/cilium/issues/9207",
    ),
    Fault(
        "same-port-number-deleted-too",
        "When a Service's port is taken away, ClusterIPs of other Services lose the port of that number.",
        _befalling(_with(_of_one_port_number)),
        "https://github.com/kubernetes/kubernetes/issues/49881",
    ),
    Fault(
        "kubernetes-taken-over",
        "When a Service is deleted, default/kubernetes leads to the endpoints that it had.",
        _befalling(_taking_over_kubernetes),
        "https://github.com/projectcalico/calico/issues/13279",
    ),
    Fault(
        "shared-address-one-service-only",
        "Of Services that share an external address only one is served.",
        serving(_one_service_per_address),
        "https://github.com/cilium/cilium/issues/39172",
    ),
)

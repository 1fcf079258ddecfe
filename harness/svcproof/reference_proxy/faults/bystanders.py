"""Faults that hit a neighbour: what becomes of one Service changes what is served of another."""

from collections.abc import Callable
from dataclasses import replace

from svcproof.fault import Fault
from svcproof.reference_proxy.faults.mutation import Mutation, believing, serving
from svcproof.reference_proxy.frontends import Frontend, FrontendKind, Frontends
from svcproof.reference_proxy.stages import Stages
from svcproof.reference_proxy.state import Policy, Service, ServiceProtocol, State

Suffers = Callable[[Frontend, Frontend], bool]
"""True if a frontend suffers where another, of another Service, is gone."""


def _closed_by_the_gone(suffers: Suffers) -> Mutation:
    """Serve no frontend any more that suffers from one whose Service was deleted."""

    def apply(stages: Stages) -> Stages:
        last: dict[str, Frontends] = {}
        closed: set[tuple[str, FrontendKind, str]] = set()

        def change(now: Frontends, state: State) -> Frontends:
            services = {service.key for service in state.services}
            gone = [frontend for key in last.keys() - services for frontend in last.pop(key)]
            closed.update(_place(frontend) for frontend in now for other in gone if suffers(frontend, other))
            for key in {frontend.service for frontend in now}:
                last[key] = tuple(frontend for frontend in now if frontend.service == key)
            return tuple(frontend for frontend in now if _place(frontend) not in closed)

        return serving(change)(stages)

    return apply


def _place(frontend: Frontend) -> tuple[str, FrontendKind, str]:
    return frontend.service, frontend.kind, frontend.name


def _on_the_same_pods(frontend: Frontend, gone: Frontend) -> bool:
    addresses = {endpoint.address for endpoint in gone.reachable}
    return any(endpoint.address in addresses for endpoint in frontend.reachable)


def _of_this_number(protocol: ServiceProtocol, of_gone: ServiceProtocol) -> Suffers:
    return lambda frontend, gone: (
        (frontend.protocol, gone.protocol) == (protocol, of_gone) and frontend.service_port == gone.service_port
    )


def _newest_alone(kind: FrontendKind) -> Mutation:
    """Serve frontends of this kind for that Service alone which came last."""

    def apply(stages: Stages) -> Stages:
        order: list[str] = []

        def change(now: Frontends, state: State) -> Frontends:
            order.extend(sorted({frontend.service for frontend in now if frontend.kind is kind} - set(order)))
            return tuple(frontend for frontend in now if frontend.kind is not kind or frontend.service == order[-1])

        return serving(change)(stages)

    return apply


def _after_a_deletion(change: Callable[[Service], Service]) -> Mutation:
    """Take each Service for what `change` makes of it, once any has been deleted."""

    def apply(stages: Stages) -> Stages:
        known: set[str] = set()

        def believe(state: State) -> State:
            keys = {service.key for service in state.services}
            known.update(keys)
            return replace(state, services=tuple(map(change, state.services))) if known - keys else state

        return believing(believe)(stages)

    return apply


def _unready_for_all(state: State) -> State:
    unready = {
        endpoint.address
        for slices in state.slices.values()
        for part in slices
        for _, _, endpoint in part.endpoints
        if not endpoint.ready
    }
    return replace(
        state,
        slices={
            key: tuple(
                replace(
                    part,
                    endpoints=tuple(
                        (name, protocol, replace(end, ready=end.ready and end.address not in unready))
                        for name, protocol, end in part.endpoints
                    ),
                )
                for part in slices
            )
            for key, slices in state.slices.items()
        },
    )


FAULTS: tuple[Fault[Stages], ...] = (
    Fault(
        "delete-takes-services-on-the-same-pods",
        "When a Service is deleted, others that lead to the same pods are no longer served.",
        _closed_by_the_gone(_on_the_same_pods),
    ),
    Fault(
        "udp-closed-by-a-udp-neighbour",
        "When a Service with a UDP port is deleted, UDP ports of the same number are closed in all others.",
        _closed_by_the_gone(_of_this_number(ServiceProtocol.UDP, ServiceProtocol.UDP)),
    ),
    Fault(
        "tcp-neighbour-takes-udp-of-its-port",
        "When a Service with a TCP port is deleted, UDP ports of the same number are closed in all others.",
        _closed_by_the_gone(_of_this_number(ServiceProtocol.UDP, ServiceProtocol.TCP)),
    ),
    Fault(
        "node-ports-of-the-newest-service-alone",
        "Of all Services that have node ports, those of the one made last are open, and no others.",
        _newest_alone(FrontendKind.NODE_PORT),
    ),
    Fault(
        "load-balancer-address-lost-to-a-newer-service",
        "Of all Services that have load balancer addresses, only that of the one made last is served.",
        _newest_alone(FrontendKind.LOAD_BALANCER_IP),
    ),
    Fault(
        "policies-forgotten-after-a-deletion",
        "Once any Service has been deleted, all traffic policies are taken to be Cluster.",
        _after_a_deletion(
            lambda service: replace(service, internal_policy=Policy.CLUSTER, external_policy=Policy.CLUSTER)
        ),
    ),
    Fault(
        "unready-in-one-slice-unready-in-all",
        "An endpoint that the EndpointSlice of one Service calls not ready is not ready for any Service.",
        believing(_unready_for_all),
    ),
)

"""Load balancers are told the wrong thing."""

from dataclasses import replace

from svcproof.fault import Fault
from svcproof.reference_proxy.health import HealthAnswer, HealthAnswers
from svcproof.reference_proxy.stages import Stages
from svcproof.reference_proxy.state import Slice, State


def _never_lowered(stages: Stages) -> Stages:
    best: dict[int, HealthAnswer] = {}

    def health(state: State) -> HealthAnswers:
        now = stages.health(state)
        for port, answer in now.items():
            if port not in best or answer.endpoints >= best[port].endpoints:
                best[port] = answer
        return {port: best[port] for port in now}

    return replace(stages, health=health)


def _never_closed(stages: Stages) -> Stages:
    answers: dict[int, HealthAnswer] = {}

    def health(state: State) -> HealthAnswers:
        now = stages.health(state)
        gone = {port: replace(answer, status=200) for port, answer in answers.items() if port not in now}
        answers.update(now)
        return {**gone, **now}

    return replace(stages, health=health)


def _closed_with_a_neighbour(stages: Stages) -> Stages:
    """Close every health check that is open when a Service with one goes."""
    open_checks: dict[int, str] = {}
    closed: dict[int, str] = {}

    def health(state: State) -> HealthAnswers:
        now = {service.health_check_port: service.key for service in state.services if service.health_check_port}
        if set(open_checks.values()) - set(now.values()):
            closed.update({port: service for port, service in now.items() if open_checks.get(port) == service})
        open_checks.clear()
        open_checks.update(now)
        return {port: answer for port, answer in stages.health(state).items() if closed.get(port) != now[port]}

    return replace(stages, health=health)


def _counting_draining(stages: Stages) -> Stages:
    def as_ready(part: Slice) -> Slice:
        return replace(
            part,
            endpoints=tuple(
                (name, protocol, replace(end, ready=end.ready or end.serving)) for name, protocol, end in part.endpoints
            ),
        )

    def health(state: State) -> HealthAnswers:
        slices = {service: tuple(map(as_ready, slices)) for service, slices in state.slices.items()}
        return stages.health(replace(state, slices=slices))

    return replace(stages, health=health)


FAULTS: tuple[Fault[Stages], ...] = (
    Fault(
        "hcnp-not-served",
        "Nothing answers on the healthCheckNodePort.",
        lambda stages: replace(stages, health=lambda state: {}),
        "https://github.com/cloudnativelabs/kube-router/issues/455",
    ),
    Fault(
        "hcnp-200-without-local",
        "The healthCheckNodePort stays at 200 when the last local endpoint goes.",
        _never_lowered,
        "https://github.com/kubernetes/kubernetes/issues/44311",
    ),
    Fault(
        "hcnp-200-after-delete",
        "The healthCheckNodePort of a deleted Service stays open, at 200.",
        _never_closed,
        "https://github.com/kubernetes/kubernetes/pull/141272",
    ),
    Fault(
        "hcnp-closed-with-neighbour",
        "When a Service with a healthCheckNodePort is deleted, those of all others are closed.",
        _closed_with_a_neighbour,
        "https://github.com/projectcalico/calico/issues/8112",
    ),
    Fault(
        "hcnp-counts-terminating",
        "The healthCheckNodePort is at 200 though all local endpoints are terminating.",
        _counting_draining,
    ),
)

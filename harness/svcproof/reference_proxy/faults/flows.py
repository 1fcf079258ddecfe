"""The kernel's memory of UDP flows is not put right."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from svcproof.fault import Fault
from svcproof.reference_proxy.faults.mutation import Mutation, rewriting, ruling, with_elements
from svcproof.reference_proxy.flows import Flow, Flows
from svcproof.reference_proxy.frontends import Frontend, Frontends
from svcproof.reference_proxy.stages import Stages


def _regarding(watched: Callable[[Frontend], bool]) -> Mutation:
    """Look only after the flows to these frontends."""

    def apply(stages: Stages) -> Stages:
        def stale(flows: Iterable[Flow], before: Frontends, after: Frontends) -> Flows:
            return stages.stale(flows, tuple(filter(watched, before)), tuple(filter(watched, after)))

        return replace(stages, stale=stale)

    return apply


def _passing_over_empty(stages: Stages) -> Stages:
    def stale(flows: Iterable[Flow], before: Frontends, after: Frontends) -> Flows:
        empty = {(frontend.address, frontend.port) for frontend in after if not frontend.reachable}
        return stages.stale((flow for flow in flows if (flow.address, flow.port) not in empty), before, after)

    return replace(stages, stale=stale)


def _let_through(stages: Stages) -> Stages:
    """Let packets for a Service without endpoints pass untranslated, and keep the flows that makes."""

    def stale(flows: Iterable[Flow], before: Frontends, after: Frontends) -> Flows:
        return stages.stale((flow for flow in flows if flow.answerer != flow.address), before, after)

    accepting = ruling(lambda rules, frontends, node: with_elements(rules, "unserved", {}))
    passing = rewriting(lambda rule: () if "@cluster-ips goto refuse" in rule else (rule,))
    return passing(accepting(replace(stages, stale=stale)))


FAULTS: tuple[Fault[Stages], ...] = (
    Fault(
        "udp-flow-sticks-to-dead-backend",
        "UDP flows stay with their endpoint when it is gone.",
        _regarding(lambda frontend: False),
        "https://github.com/kubernetes/kubernetes/issues/19029",
    ),
    Fault(
        "udp-nodeport-not-flushed",
        "UDP flows to anything but a ClusterIP stay with their endpoint when it is gone.",
        _regarding(lambda frontend: frontend.internal),
        "https://github.com/kubernetes/kubernetes/issues/59368",
    ),
    Fault(
        "udp-scale-to-zero-keeps-sending",
        "UDP flows stay with their endpoint when it was the last one.",
        _passing_over_empty,
        "https://github.com/kubernetes/kubernetes/issues/139628",
    ),
    Fault(
        "udp-blackhole-zero-to-one",
        "UDP flows that began before there was an endpoint never reach one.",
        _let_through,
        "https://github.com/kubernetes/kubernetes/issues/48370",
    ),
)

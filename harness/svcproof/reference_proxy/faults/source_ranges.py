"""The source ranges of a Service hold where they should not, or not where they should."""

from collections.abc import Callable
from dataclasses import replace

from svcproof.fault import Fault
from svcproof.reference_proxy.faults.mutation import Mutation, each_frontend, serving_with
from svcproof.reference_proxy.frontends import Frontend, FrontendKind
from svcproof.reference_proxy.stages import Stages
from svcproof.reference_proxy.state import ServiceProtocol, State


def _guarded_too(chosen: Callable[[Frontend], bool]) -> Mutation:
    """Have the source ranges of a Service hold at these of its frontends as well."""

    def change(frontend: Frontend, state: State) -> Frontend:
        ranges = {service.key: service.source_ranges for service in state.services}
        return replace(frontend, sources=ranges[frontend.service]) if chosen(frontend) else frontend

    return each_frontend(change)


FAULTS: tuple[Fault[Stages], ...] = (
    Fault(
        "lbsr-closes-cluster-ip",
        "loadBalancerSourceRanges hold for the ClusterIP too.",
        _guarded_too(lambda frontend: frontend.internal),
    ),
    Fault(
        "lbsr-at-external-ips-too",
        "loadBalancerSourceRanges hold for externalIPs too.",
        _guarded_too(lambda frontend: frontend.kind is FrontendKind.EXTERNAL_IP),
        "https://github.com/cilium/cilium/pull/44747",
    ),
    Fault(
        "lbsr-for-tcp-only",
        "loadBalancerSourceRanges let every datagram in.",
        serving_with(lambda frontend: frontend.protocol is not ServiceProtocol.TCP, sources=()),
    ),
)

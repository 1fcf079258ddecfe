"""The source ranges of a Service hold where they should not, or not where they should."""

from dataclasses import replace

from svcproof.fault import Fault
from svcproof.reference_proxy.faults.mutation import each_frontend, serving_with
from svcproof.reference_proxy.frontends import Frontend, FrontendKind
from svcproof.reference_proxy.stages import Stages
from svcproof.reference_proxy.state import ServiceProtocol, State


def _guarded_inside_too(frontend: Frontend, state: State) -> Frontend:
    ranges = {service.key: service.source_ranges for service in state.services}
    return replace(frontend, sources=ranges[frontend.service]) if frontend.internal else frontend


def _guarded_at_external_ips_too(frontend: Frontend, state: State) -> Frontend:
    ranges = {service.key: service.source_ranges for service in state.services}
    at_external_ip = frontend.kind is FrontendKind.EXTERNAL_IP
    return replace(frontend, sources=ranges[frontend.service]) if at_external_ip else frontend


FAULTS: tuple[Fault[Stages], ...] = (
    Fault(
        "lbsr-closes-cluster-ip",
        "loadBalancerSourceRanges hold for the ClusterIP too.",
        each_frontend(_guarded_inside_too),
    ),
    Fault(
        "lbsr-at-external-ips-too",
        "loadBalancerSourceRanges hold for externalIPs too.",
        each_frontend(_guarded_at_external_ips_too),
        "https://github.com/cilium/cilium/pull/44747",
    ),
    Fault(
        "lbsr-for-tcp-only",
        "loadBalancerSourceRanges let every datagram in.",
        serving_with(lambda frontend: frontend.protocol is not ServiceProtocol.TCP, sources=()),
    ),
)

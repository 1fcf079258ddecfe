"""The answers to health checks of load balancers: is there an endpoint of a Service here, does the proxy work?

https://kubernetes.io/docs/reference/networking/virtual-ips/#external-traffic-policy and KEP-3836.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from svcproof.reference_proxy.endpoints import distinct
from svcproof.reference_proxy.state import Service, State


@dataclass(frozen=True, slots=True)
class HealthAnswer:
    """An answer to any GET on one port: status, and the JSON document sent with it."""

    status: int
    document: Mapping[str, object]
    endpoints: int = 0
    """The number of endpoints that share the traffic sent here: a weight for the load balancer."""


HealthAnswers = Mapping[int, HealthAnswer]
Check = Callable[[State], HealthAnswers]


def service_answers(state: State) -> HealthAnswers:
    """Return the answer of each healthCheckNodePort: 200 if this node has a ready endpoint, else 503."""
    checked = (service for service in state.services if service.health_check_port)
    return {service.health_check_port: _answer(service, state) for service in checked}


def _answer(service: Service, state: State) -> HealthAnswer:
    slices = state.slices.get(service.key, ())
    listed = (endpoint for endpoint_slice in slices for _, _, endpoint in endpoint_slice.endpoints)
    local = {end.address for end in distinct(listed) if end.ready and end.node == state.node.name}
    document = {
        "service": {"namespace": service.namespace, "name": service.name},
        "localEndpoints": len(local),
        "serviceProxyHealthy": True,
    }
    return HealthAnswer(200 if local else 503, document, len(local))


def proxy_answer(state: State | None) -> HealthAnswer:
    """Return the answer of the proxy's own health port: 200 once the first rules are in, unless the node is leaving."""
    eligible = state is not None and not state.node.leaving
    return HealthAnswer(200 if eligible else 503, {"nodeEligible": eligible})

"""What load balancers ask a node: is there an endpoint of this Service here, and does the proxy work at all?

https://kubernetes.io/docs/reference/networking/virtual-ips/#external-traffic-policy and KEP-3836.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from svcproof.reference_proxy.endpoints import distinct
from svcproof.reference_proxy.state import Service, State


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer to any GET on one port: status, and the JSON document sent with it."""

    status: int
    document: Mapping[str, object]
    endpoints: int = 0
    """How many endpoints share the traffic sent here: a weight for the load balancer."""


Answers = Mapping[int, Answer]
Check = Callable[[State], Answers]


def service_answers(state: State) -> Answers:
    """Give the answer of each healthCheckNodePort: 200 where this node has a ready endpoint, else 503."""
    return {one.health_check_port: _answer(one, state) for one in state.services if one.health_check_port}


def _answer(service: Service, state: State) -> Answer:
    listed = (one for part in state.slices.get(service.key, ()) for _, _, one in part.endpoints)
    here = {one.address for one in distinct(listed) if one.ready and one.node == state.node.name}
    document = {
        "service": {"namespace": service.namespace, "name": service.name},
        "localEndpoints": len(here),
        "serviceProxyHealthy": True,
    }
    return Answer(200 if here else 503, document, len(here))


def proxy_answer(state: State | None) -> Answer:
    """Give the answer of the proxy's own health port: not before the first rules are in, not on a node that goes."""
    eligible = state is not None and not state.node.leaving
    return Answer(200 if eligible else 503, {"nodeEligible": eligible})

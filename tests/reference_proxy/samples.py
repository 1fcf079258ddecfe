"""Services and endpoints to build states of."""

from typing import Any

from svcproof.reference_proxy.state import Endpoint, Service, ServicePort, ServiceProtocol, Slice, State
from tests.reference_proxy.bench import NODE, PODS

CLUSTER_IP = "10.96.0.10"
TCP = ServicePort("", ServiceProtocol.TCP, 80)
UDP = ServicePort("", ServiceProtocol.UDP, 80)


def service(**changes: Any) -> Service:
    return Service(**{"namespace": "shop", "name": "web", "ports": (TCP,), "cluster_ips": (CLUSTER_IP,), **changes})


def endpoint(pod: str = "pod-1", **changes: Any) -> Endpoint:
    return Endpoint(**{"address": PODS.get(pod, pod), "port": 8080, "node": NODE.name, **changes})


def slice_of(*endpoints: Endpoint, port: ServicePort = TCP, service: str = "shop/web", name: str = "web-1") -> Slice:
    return Slice(service=service, name=name, endpoints=tuple((port.name, port.protocol, one) for one in endpoints))


def state(*endpoints: Endpoint, slices: tuple[Slice, ...] = (), **changes: Any) -> State:
    """One Service, changed as told, with these endpoints for each of its ports, or with these slices."""
    one = service(**changes)
    made = (slice_of(*endpoints, port=port, name=f"web-{n}") for n, port in enumerate(one.ports))
    return State(node=NODE, services=(one,), slices={one.key: slices or tuple(made)})


def merged(first: State, second: State) -> State:
    """The Services of both."""
    return State(node=first.node, services=first.services + second.services, slices={**first.slices, **second.slices})

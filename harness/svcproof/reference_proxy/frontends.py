"""The frontends of this node: each address and port of a Service, with the endpoints of its traffic."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from svcproof.reference_proxy.endpoints import Choose, Endpoints, usable
from svcproof.reference_proxy.family import Family
from svcproof.reference_proxy.state import Policy, Service, ServicePort, ServiceProtocol, State


class FrontendKind(StrEnum):
    """Kinds of frontend; an address claimed twice goes to the kind that comes first."""

    CLUSTER_IP = "cluster-ip"
    NODE_PORT = "node-port"
    LOAD_BALANCER_IP = "load-balancer-ip"
    EXTERNAL_IP = "external-ip"


@dataclass(frozen=True, slots=True, kw_only=True)
class Frontend:
    """One destination, and the endpoints and the policy of its traffic.

    `policy` is the internal one for a ClusterIP, else the external one. Where it says Local, `local` has the endpoints
    for clients outside the cluster, and `cluster` those for the pods and processes of this node.
    """

    service: str
    """Namespace and name, separated by a slash."""
    kind: FrontendKind
    address: str
    protocol: ServiceProtocol
    port: int
    service_port: int
    """The port's number in the Service: together with the protocol it tells its ports apart."""
    policy: Policy = Policy.CLUSTER
    cluster: Endpoints = ()
    local: Endpoints = ()
    affinity: int | None = None
    sources: tuple[str, ...] = ()
    """The only client ranges admitted; empty admits everyone."""

    @property
    def name(self) -> str:
        """The Service's port it belongs to, as part of a name in nft."""
        return f"{self.service}/{self.protocol.lower()}/{self.service_port}"

    @property
    def internal(self) -> bool:
        """True if it is meant for clients inside the cluster."""
        return self.kind is FrontendKind.CLUSTER_IP

    @property
    def reachable(self) -> Endpoints:
        """Every endpoint that traffic to this frontend may be on its way to."""
        if self.policy is Policy.CLUSTER:
            return self.cluster
        return self.local if self.internal else tuple(dict.fromkeys(self.cluster + self.local))


Frontends = tuple[Frontend, ...]


def frontends(state: State, family: Family, choose: Choose = usable) -> Frontends:
    """List the frontends of this node in one family, each destination once."""
    everything = (
        frontend
        for service in state.services
        for port in service.ports
        for frontend in _of_port(state, family, service, port, choose)
    )
    first: dict[tuple[str, ServiceProtocol, int], Frontend] = {}
    kinds = list(FrontendKind)
    for frontend in sorted(everything, key=lambda frontend: (kinds.index(frontend.kind), frontend.service)):
        first.setdefault((frontend.address, frontend.protocol, frontend.port), frontend)
    return tuple(first.values())


def _of_port(state: State, family: Family, service: Service, port: ServicePort, choose: Choose) -> Iterator[Frontend]:
    chosen = choose(state.endpoints(service, port, family.slice_type), state.node)
    ranges = family.ranges(service.source_ranges)
    for kind, address, number in _destinations(state, family, service, port):
        yield Frontend(
            service=service.key,
            kind=kind,
            address=address,
            protocol=port.protocol,
            port=number,
            service_port=port.port,
            policy=service.internal_policy if kind is FrontendKind.CLUSTER_IP else service.external_policy,
            cluster=chosen.cluster,
            local=chosen.local,
            affinity=service.affinity,
            sources=ranges if kind is FrontendKind.LOAD_BALANCER_IP else (),
        )


def _destinations(
    state: State, family: Family, service: Service, port: ServicePort
) -> Iterator[tuple[FrontendKind, str, int]]:
    for address in family.addresses(service.cluster_ips):
        yield FrontendKind.CLUSTER_IP, address, port.port
    for address in family.addresses(state.node.addresses if port.node_port else ()):
        yield FrontendKind.NODE_PORT, address, port.node_port
    for address in family.addresses(service.load_balancer_ips):
        yield FrontendKind.LOAD_BALANCER_IP, address, port.port
    for address in family.addresses(service.external_ips):
        yield FrontendKind.EXTERNAL_IP, address, port.port

"""The cluster as a proxy knows it: Services, EndpointSlices and its own Node, as frozen values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Policy(StrEnum):
    """internalTrafficPolicy and externalTrafficPolicy: which endpoints traffic may go to."""

    CLUSTER = "Cluster"
    LOCAL = "Local"


class ServiceProtocol(StrEnum):
    """The protocols of Services."""

    TCP = "TCP"
    UDP = "UDP"
    SCTP = "SCTP"


@dataclass(frozen=True, slots=True)
class ServicePort:
    """One port of a Service; `node_port` is 0 if there is none.

    Endpoints belong to it by name and protocol. Their own ports are in the EndpointSlices, so targetPort is left out.
    """

    name: str
    protocol: ServiceProtocol
    port: int
    node_port: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A Service, as far as it concerns a proxy."""

    namespace: str
    name: str
    type: str = "ClusterIP"
    labels: frozenset[str] = frozenset()
    """The keys of its labels."""
    ports: tuple[ServicePort, ...] = ()
    cluster_ips: tuple[str, ...] = ()
    external_ips: tuple[str, ...] = ()
    load_balancer_ips: tuple[str, ...] = ()
    """Addresses of status.loadBalancer whose traffic arrives with them as destination (ipMode VIP)."""
    source_ranges: tuple[str, ...] = ()
    internal_policy: Policy = Policy.CLUSTER
    external_policy: Policy = Policy.CLUSTER
    affinity: int | None = None
    """Seconds for which a client stays with its endpoint; None without session affinity."""
    health_check_port: int = 0

    @property
    def key(self) -> str:
        """Namespace and name, as labels and log lines combine them."""
        return f"{self.namespace}/{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One address and port of an EndpointSlice, with its conditions."""

    address: str
    port: int
    ready: bool = True
    serving: bool = True
    terminating: bool = False
    node: str = ""
    zones: frozenset[str] = frozenset()
    """Zones it is hinted for."""
    nodes: frozenset[str] = frozenset()
    """Nodes it is hinted for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """An EndpointSlice: endpoints by the name and protocol of the port they serve."""

    service: str
    name: str
    address_type: str = "IPv4"
    headless: bool = False
    """True if its label tells proxies to ignore it."""
    endpoints: tuple[tuple[str, ServiceProtocol, Endpoint], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """The node the proxy runs on. `pod_ranges` are the addresses of its own pods."""

    name: str
    zone: str = ""
    addresses: tuple[str, ...] = ()
    pod_ranges: tuple[str, ...] = ()
    leaving: bool = False
    """True if it is about to be removed, so that load balancers should send it nothing new."""


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Everything known at one moment; `slices` by the key of their Service."""

    node: Node
    services: tuple[Service, ...] = ()
    slices: Mapping[str, tuple[Slice, ...]] = field(default_factory=dict)

    def endpoints(self, service: Service, port: ServicePort, address_type: str) -> tuple[Endpoint, ...]:
        """Return the endpoints in the EndpointSlices of one port of a Service, duplicates included."""
        return tuple(
            endpoint
            for endpoint_slice in self.slices.get(service.key, ())
            if endpoint_slice.address_type == address_type
            for name, protocol, endpoint in endpoint_slice.endpoints
            if (name, protocol) == (port.name, port.protocol)
        )

"""The world that a Service proxy acts upon: Services, EndpointSlices and nodes, as values of what the API says.

Addresses are written as `str(ip_address(...))` writes them, so that those that are alike are equal.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from svcproof.model.probe import Protocol
from svcproof.model.release import Release
from svcproof.model.vocabulary import CLAIMED_BY_DEFAULT, Feature


class Policy(StrEnum):
    """internalTrafficPolicy and externalTrafficPolicy: which endpoints traffic may go to."""

    CLUSTER = "Cluster"
    LOCAL = "Local"


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A node; `addresses` are those of its status, of both families."""

    name: str
    zone: str = ""
    addresses: tuple[str, ...] = ()
    pod_ranges: tuple[str, ...] = ()
    leaving: bool = False
    """True if it has the taint or is being deleted, so that load balancers are to send it nothing new."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Port:
    """One port of a Service; `node_port` is 0 where there is none. Slices name their ports by `name` and protocol."""

    name: str = ""
    protocol: Protocol = Protocol.TCP
    port: int
    node_port: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Ingress:
    """One address of status.loadBalancer; `vip` is False where its ipMode is Proxy, or where it is a name."""

    address: str
    vip: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A Service, in the terms of its API object; None and absent are the empty value."""

    namespace: str
    name: str
    type: str = "ClusterIP"
    labels: Mapping[str, str] = field(default_factory=dict)
    ports: tuple[Port, ...] = ()
    cluster_ips: tuple[str, ...] = ()
    """Empty for ExternalName; `("None",)` for a headless Service."""
    families: tuple[str, ...] = ()
    external_ips: tuple[str, ...] = ()
    ingress: tuple[Ingress, ...] = ()
    source_ranges: tuple[str, ...] = ()
    internal_policy: Policy = Policy.CLUSTER
    external_policy: Policy = Policy.CLUSTER
    affinity_seconds: int = 0
    """timeoutSeconds of sessionAffinity ClientIP; 0 without affinity."""
    health_check_node_port: int = 0
    distribution: str = ""
    """trafficDistribution. What it comes to are the hints of the slices."""

    @property
    def key(self) -> str:
        """Namespace and name, separated by a slash."""
        return f"{self.namespace}/{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One endpoint of a slice, with its conditions as the API says they read where one is left out."""

    addresses: tuple[str, ...]
    ready: bool = True
    serving: bool = True
    terminating: bool = False
    node: str = ""
    zone: str = ""
    zones: frozenset[str] = frozenset()
    """Zones it is hinted for."""
    nodes: frozenset[str] = frozenset()
    """Nodes it is hinted for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SlicePort:
    """One port of a slice; `port` is 0 where the slice leaves the number out."""

    name: str = ""
    protocol: Protocol = Protocol.TCP
    port: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """An EndpointSlice of the Service named by its label `kubernetes.io/service-name`."""

    namespace: str
    name: str
    service: str
    address_type: str = "IPv4"
    labels: Mapping[str, str] = field(default_factory=dict)
    ports: tuple[SlicePort, ...] = ()
    endpoints: tuple[Endpoint, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Listener:
    """One of our own, who answers at an address: on these ports, and on no other."""

    name: str
    """The name of its pod or client, by which it answers."""
    node: str
    address: str
    ports: frozenset[tuple[Protocol, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """The claims of a proxy: its features, whether it is kube-proxy, and the release whose promises it keeps."""

    features: frozenset[Feature] = CLAIMED_BY_DEFAULT
    kube_proxy: bool = False
    release: Release | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Everything that decides what a vantage may see at a target, at one moment."""

    nodes: tuple[Node, ...]
    services: tuple[Service, ...] = ()
    slices: tuple[Slice, ...] = ()
    listeners: tuple[Listener, ...] = ()
    entries: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """For addresses that are no node's: the nodes where packets from outside come in; unknown where left out."""
    claims: Claims = Claims()

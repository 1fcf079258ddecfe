"""The two vocabularies of need: what a cluster can do, and what a proxy may leave out."""

from collections.abc import Iterable, Mapping
from enum import StrEnum


class Need(StrEnum):
    """A word of one of the two: a capability and a feature of the same name are two things, of which a set has both."""

    def __eq__(self, other: object) -> bool:
        return self is other if isinstance(other, Need) else str.__eq__(self, other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = str.__hash__


class Capability(Need):
    """A capability of a cluster: a check that needs one which the cluster lacks is untestable."""

    TWO_NODES = "two-nodes"
    """At least two nodes that run pods."""
    THREE_NODES = "three-nodes"
    """At least three nodes that run pods."""
    TWO_ZONES = "two-zones"
    """Two nodes that run pods, in different zones: the first two."""
    OUTSIDE_CLIENT = "outside-client"
    """A client that is neither a pod nor a node and reaches the nodes' addresses."""
    TWO_OUTSIDE_CLIENTS = "two-outside-clients"
    """Two clients outside, with different addresses."""
    SERVICE_ROUTE = "service-route"
    """The outside client has a route to the Service range, through a node."""
    EXTERNAL_ADDRESSES = "external-addresses"
    """Addresses nobody owns that pods, nodes and the outside client route to a node: usable as externalIPs."""
    HOST_NETWORK = "host-network"
    """Pods may run in the node's network namespace, so that a node can be a vantage."""
    OWN_NODES = "own-nodes"
    """The cluster was made for runs: labels of its nodes may be changed."""
    NODE_SHELL = "node-shell"
    """Commands can be run on a node."""
    PROXY_CONTROL = "proxy-control"
    """The proxy under test can be stopped, started and exchanged on each node."""
    API_OUTAGE = "api-outage"
    """The API server can be taken away from the nodes for a while."""
    LOAD_BALANCER = "load-balancer"
    """Something assigns and announces addresses for Services of type LoadBalancer."""
    METALLB = "metallb"
    """MetalLB in layer 2 mode, or a load balancer that behaves like it."""
    CLUSTER_DNS = "cluster-dns"
    """A cluster DNS service, named in the pods' resolv.conf."""
    EXEC = "exec"
    """Commands can be run in a container."""
    IPV4 = "ipv4"
    IPV6 = "ipv6"
    DUAL_STACK = "dual-stack"
    SCTP = "sctp"
    """The kernel of nodes and clients speaks SCTP."""


def unmet(capabilities: Iterable[Capability], lacking: Mapping[Capability, str]) -> str:
    """The reasons for which a cluster that lacks some capabilities lacks any of these; empty if it has them all."""
    return "; ".join(f"{need}: {lacking[need]}" for need in sorted(set(capabilities) & lacking.keys()))


class Feature(Need):
    """A feature that a proxy may leave out without being wrong; its declaration says which it claims."""

    SESSION_AFFINITY = "session-affinity"
    """sessionAffinity: ClientIP."""
    NODE_PORT = "node-port"
    """Services of type NodePort."""
    LOAD_BALANCER = "load-balancer"
    """Serving the addresses in status.loadBalancer."""
    LOAD_BALANCER_SOURCE_RANGES = "load-balancer-source-ranges"
    """Enforcing loadBalancerSourceRanges."""
    EXTERNAL_IPS = "external-ips"
    """Serving spec.externalIPs."""
    EXTERNAL_IPS_FROM_INSIDE = "external-ips-from-inside"
    """Serving spec.externalIPs to clients in the cluster: recommended, and against CVE-2020-8554 some do not."""
    EXTERNAL_TRAFFIC_POLICY = "external-traffic-policy"
    """externalTrafficPolicy: Local."""
    INTERNAL_TRAFFIC_POLICY = "internal-traffic-policy"
    """internalTrafficPolicy: Local."""
    HEALTH_CHECK_NODE_PORT = "health-check-node-port"
    """The healthCheckNodePort of a Service with externalTrafficPolicy: Local."""
    TERMINATING_ENDPOINTS = "terminating-endpoints"
    """Falling back to endpoints that are terminating but still serving."""
    TRAFFIC_DISTRIBUTION = "traffic-distribution"
    """Topology hints of EndpointSlices."""
    UDP_FLOWS = "udp-flows"
    """Moving a UDP flow on from an endpoint that still runs but is not ready, or no longer the Service's.

    Not for proxies without conntrack entries, which may keep what a client met:
    https://github.com/kubernetes/kubernetes/blob/master/docs/dev/sig-network/service-proxy.md#other-lessons
    """
    SCTP = "sctp"
    """Service ports of protocol SCTP."""
    SERVICE_PROXY_NAME = "service-proxy-name"
    """Leaving Services with the label service.kubernetes.io/service-proxy-name alone; optional by KEP-2447."""
    AFFINITY_TIMEOUT = "affinity-timeout"
    """timeoutSeconds of ClientIP affinity; not conformance: https://github.com/kubernetes/kubernetes/pull/112806."""
    CLIENT_ADDRESS = "client-address"
    """Keeping the address of a pod that asks a ClusterIP: promised by kube-proxy, recommended to others."""
    EXTERNAL_IPS_OFF = "external-ips-off"
    """A switch (KEP-5707): the proxy has been told not to serve spec.externalIPs, so that serving one is its fault."""


OPTIONAL = frozenset({Feature.SERVICE_PROXY_NAME, Feature.AFFINITY_TIMEOUT, Feature.CLIENT_ADDRESS})
"""Features that the text itself calls optional: without the claim, a MUST that needs one counts as a SHOULD."""
SWITCHES = frozenset({Feature.EXTERNAL_IPS_OFF})
"""States of a proxy in which it promises the opposite of what it promises otherwise."""
CLAIMED_BY_DEFAULT = frozenset(Feature) - OPTIONAL - SWITCHES
"""Claimed by a declaration that names no features; the others are claimed by name only."""
ENDS: Mapping[Feature, str] = {Feature.EXTERNAL_IPS: "1.40"}
"""The release from which on a feature is off by default, by plan: who has it on all the same claims it by name then."""
CONTRADICTORY = ((Feature.EXTERNAL_IPS, Feature.EXTERNAL_IPS_OFF),)
"""Features of which a proxy claims one at most."""

"""The doors of edits: as elsewhere, but for addresses of a load balancer, which the check itself assigns."""

from dataclasses import dataclass, replace
from typing import Any, ClassVar

from svcproof import Capability, Feature

from ..clauses import SOURCE_IP
from ..doors import door as doors
from ..load_balancer.sharing import BY_HAND

CLUSTER_IP, NODE_PORT, EXTERNAL_IP = doors.CLUSTER_IP, doors.NODE_PORT, doors.EXTERNAL_IP


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignedEntrance(doors.LoadBalancerEntrance):
    """An address in the status of a Service that no load balancer of the cluster takes for its own."""

    external_address: Any

    def service(self, workload, **spec):
        """Make a Service of type LoadBalancer, and assign it an address that nobody else has."""
        service = workload.service(**{**BY_HAND, **spec})
        service.assign(self.external_address())
        return service


LOAD_BALANCER = replace(
    doors.LOAD_BALANCER,
    requires=frozenset({Capability.EXTERNAL_ADDRESSES, Feature.LOAD_BALANCER}),
    entrance=AssignedEntrance,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthCheckEntrance(doors.NodePortEntrance):
    """The healthCheckNodePort of a Service, at each node."""

    kind: ClassVar[str] = "health check"

    def service(self, workload, **spec):
        """Make a Service of type LoadBalancer with externalTrafficPolicy Local, which no load balancer takes."""
        return workload.service(**{**BY_HAND, "externalTrafficPolicy": "Local", **spec})


HEALTH_CHECK = replace(
    doors.NODE_PORT,
    spec=SOURCE_IP + "#source-ip-for-services-with-type-loadbalancer",
    because="A load balancer outside learns at this port of a node whether the node holds endpoints of the Service.",
    requires=frozenset({Feature.EXTERNAL_TRAFFIC_POLICY, Feature.HEALTH_CHECK_NODE_PORT}),
    entrance=HealthCheckEntrance,
)

"""The fields of a Service that say which clients are led to which of its endpoints."""

from svcproof import SHOULD, Capability, Feature

from ..clauses import SERVICE_API, VIRTUAL_IPS
from .field import Field, ignored
from .scene import client_alone
from .verbs import spec

INSIDE, OTHER = client_alone("outside"), client_alone("other_outside")
OUTER = ("node_port", "external_ip", "load_balancer_address")
ROWS = (
    Field(
        id="external_policy_edited",
        path="Service spec.externalTrafficPolicy",
        when="a live Service's externalTrafficPolicy changes from one value to the other and back",
        selects="db",
        edits=(spec(externalTrafficPolicy="Local"), spec(externalTrafficPolicy="Cluster")),
        because="Under policy Local traffic goes to endpoints of the node it reaches; under Cluster to all of them.",
        claim={
            "spec": VIRTUAL_IPS + "#external-traffic-policy",
            "requires": {Capability.TWO_NODES, Feature.EXTERNAL_TRAFFIC_POLICY},
        },
        faults=ignored("etp", *OUTER, back=True),
    ),
    Field(
        id="external_policy_edited",
        path="Service spec.externalTrafficPolicy, spec.healthCheckNodePort",
        when="a live Service's externalTrafficPolicy changes from Local to Cluster and back",
        selects="db",
        edits=(spec(externalTrafficPolicy="Cluster"), spec(externalTrafficPolicy="Local")),
        because="The health check is there for Services of policy Local, at the port that each has now.",
        claim={"spec": SERVICE_API + "#ServiceSpec"},
        faults=ignored("health", "health_check_port"),
    ),
    Field(
        id="internal_policy_edited",
        path="Service spec.internalTrafficPolicy",
        when="a live Service's internalTrafficPolicy changes to Local and back",
        selects="db",
        edits=(spec(internalTrafficPolicy="Local"), spec(internalTrafficPolicy="Cluster")),
        because="Under policy Local a node hands what it receives at the ClusterIP to its own endpoints alone.",
        claim={
            "spec": VIRTUAL_IPS + "#internal-traffic-policy",
            "requires": {Capability.TWO_NODES, Feature.INTERNAL_TRAFFIC_POLICY},
            "kep": 2086,
            "since": "1.26",
        },
        faults=ignored("itp", "cluster_ip", lost=OUTER, back=True),
    ),
    Field(
        id="session_affinity_edited",
        path="Service spec.sessionAffinity",
        when="a live Service's sessionAffinity changes to ClientIP and back",
        edits=(
            spec(sessionAffinity="ClientIP"),
            spec(sessionAffinity="None", sessionAffinityConfig=None),
        ),
        spreads=True,
        because="With ClientIP a client stays with its endpoint; with None, the default, there is no affinity.",
        claim={"spec": VIRTUAL_IPS + "#session-affinity", "requires": {Feature.SESSION_AFFINITY}},
        faults=ignored("affinity", back=True),
    ),
    Field(
        id="source_ranges_edited",
        path="Service spec.loadBalancerSourceRanges",
        when="a live Service is given source ranges, has them exchanged, and has none again",
        edits=(
            spec(loadBalancerSourceRanges=[INSIDE]),
            spec(loadBalancerSourceRanges=[OTHER]),
            spec(loadBalancerSourceRanges=[OTHER, INSIDE]),
            spec(loadBalancerSourceRanges=["192.0.2.0/24"]),
            spec(loadBalancerSourceRanges=None),
        ),
        because="Traffic through the load balancer is restricted to the client addresses that the ranges name now.",
        claim={
            "spec": SERVICE_API + "#ServiceSpec",
            "otherwise": "A proxy that leaves source ranges to the load balancer, and does not claim to support them.",
            "requires": {Capability.TWO_OUTSIDE_CLIENTS, Feature.LOAD_BALANCER_SOURCE_RANGES},
        },
        faults=ignored("source-ranges", "load_balancer_address", back=True),
    ),
    Field(
        id="traffic_distribution_edited",
        path="Service spec.trafficDistribution",
        when="a live Service begins to prefer endpoints close to its clients, and ends it",
        level=SHOULD,
        edits=(spec(trafficDistribution="PreferClose"), spec(trafficDistribution=None)),
        because="Endpoints that are hinted for the zone of a node get what its clients ask, and without hints all do.",
        claim={
            "spec": VIRTUAL_IPS + "#traffic-distribution",
            "requires": {Capability.TWO_ZONES, Feature.TRAFFIC_DISTRIBUTION},
            "kep": 4444,
            "since": "1.33",
        },
        faults=ignored("hints", "cluster_ip", "node_port"),
    ),
)

"""The endpoints that connections to a Service reach, at each of its addresses: all, or, with affinity, one."""

from svcproof import Feature, answered_by, answered_by_one_of, eventually

from ..clauses import EVENLY, SERVICE_API, TOLD_OTHERWISE, VIRTUAL_IPS
from .door import CLUSTER_IP, EXTERNAL_IP, LOAD_BALANCER, NODE_PORT, behaviour_at

TRIES = 40
"""Missing one of three equally likely backends in 40 tries happens once in 3.7 million runs."""
EQUAL = 15
"""By chance 15 connections go to one of three endpoints once in 4.8 million runs."""
HOWEVER_REACHED = "The affinity is the Service's: it holds for connections from a client at each of its addresses."


@behaviour_at(
    CLUSTER_IP.using(askers="clients")(
        "cluster_ip_spreads_connections_over_all_endpoints",
        "New connections to a ClusterIP reach, in time, every ready endpoint.",
        fails_under={"proxy/only-first-endpoint-used", "proxy/source-hash-without-affinity"},
    ),
    NODE_PORT(
        "node_port_spreads_connections_over_all_endpoints",
        "New connections to one node's port reach, in time, every ready endpoint in the cluster.",
    ),
    EXTERNAL_IP(
        "external_ip_spreads_connections_over_all_endpoints",
        "New connections to an externalIP reach, in time, every ready endpoint.",
        fails_under={"proxy/externalip-first-endpoint-only"},
    ),
    LOAD_BALANCER(
        "load_balancer_address_spreads_connections_over_all_endpoints",
        "New connections to a load balancer's address reach, in time, every ready endpoint.",
    ),
    spec=SERVICE_API + "#ServiceSpec",
    because=EVENLY,
    otherwise=TOLD_OTHERWISE,
    fails_under={"proxy/only-first-endpoint-used"},
)
def check_spread(door, echo):
    """Connections reach every endpoint."""
    target = door.target(door.service(echo))

    eventually(lambda: door.ask(target, times=TRIES), answered_by(echo.names))


@behaviour_at(
    CLUSTER_IP(
        "affinity_keeps_a_client_on_one_endpoint_of_a_cluster_ip",
        "With ClientIP affinity all connections of one pod to a ClusterIP go to one endpoint.",
        because="With sessionAffinity ClientIP the connections from one client are passed to the same pod each time.",
        fails_under={"proxy/affinity-ignored"},
    ),
    NODE_PORT(
        "affinity_keeps_a_client_on_one_endpoint_of_a_node_port",
        "With ClientIP affinity all connections of one client outside to a node's port go to one endpoint.",
        because="The affinity is the Service's: it holds for connections from a client however they reach the Service.",
        fails_under={"proxy/affinity-ignored"},
    ),
    EXTERNAL_IP(
        "affinity_keeps_a_client_on_one_endpoint_of_an_external_ip",
        "With ClientIP affinity all connections of one client outside to an externalIP go to one endpoint.",
        because=HOWEVER_REACHED,
        fails_under={"proxy/affinity-not-at-external-ip"},
    ),
    LOAD_BALANCER(
        "affinity_keeps_a_client_on_one_endpoint_of_a_load_balancer_address",
        "With ClientIP affinity all connections of one client outside to a load balancer's address go to one endpoint.",
        because=HOWEVER_REACHED,
        otherwise=(
            "A proxy behind a load balancer that spreads one client over nodes, each of which remembers for itself."
        ),
        fails_under={"proxy/affinity-not-at-load-balancer"},
    ),
    spec=VIRTUAL_IPS + "#session-affinity",
    area="session_affinity",
    requires={Feature.SESSION_AFFINITY},
)
def check_affinity(door, echo):
    """Connections of one client reach one endpoint of this Service."""
    target = door.target(door.service(echo, sessionAffinity="ClientIP"))

    eventually(lambda: door.ask(target, times=EQUAL), answered_by_one_of(echo.names))

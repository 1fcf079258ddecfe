"""healthCheckNodePort: where load balancers ask a node whether it has an endpoint of a Service.

They ask for /healthz there; what the body says is each proxy's own.
"""

from svcproof import MUST, PROXY, Capability, Feature, answered, behaviours, consistently, control, eventually

from ..clauses import SERVICE_API, SOURCE_IP, VIRTUAL_IPS

HEALTH_CHECK = SERVICE_API + "#ServiceSpec"
AT_EVERY_NODE = SOURCE_IP + "#source-ip-for-services-with-type-loadbalancer"
LOCAL = {"type": "LoadBalancer", "externalTrafficPolicy": "Local"}
NOBODY = {"app": "nobody-has-this-label"}
TELLS = "A load balancer outside learns at this port of a node whether the node holds endpoints of the Service."
FAILS = "Nodes without endpoints fail the health check on purpose, so that the load balancer leaves them out."
behaviour = behaviours(
    by=PROXY,
    level=MUST,
    spec=AT_EVERY_NODE,
    requires={Capability.OUTSIDE_CLIENT, Feature.EXTERNAL_TRAFFIC_POLICY, Feature.HEALTH_CHECK_NODE_PORT},
)


def _healthy(status: int) -> bool:
    """The node answers the health check with status 200."""
    return status == 200


def _unhealthy(status: int) -> bool:
    """The node answers the health check with another status than 200, or not at all (0)."""
    return status != 200


def health_check(outside, node, port):
    """Make a look at the health check of one node."""
    return lambda: outside.http_status(node.addresses[0], port, "/healthz")


@behaviour(
    because="This port of every node serves the health check of the Service, at /healthz.",
    fails_under={"proxy/hcnp-not-served"},
)
def test_health_check_succeeds_on_a_node_with_an_endpoint(db, nodes, outside):
    """A node that has an endpoint of a Service answers its healthCheckNodePort with status 200."""
    port = db.service(**LOCAL).spec["healthCheckNodePort"]

    eventually(health_check(outside, nodes[0], port), _healthy)


@behaviour(because=FAILS, requires={Capability.TWO_NODES}, fails_under={"proxy/hcnp-not-served"})
def test_health_check_fails_on_a_node_without_endpoint(db, workbench, nodes, outside):
    """A node that has no endpoint of a Service fails its health check, and passes that of a Service it has one of."""
    service = db.service(**LOCAL)
    later = workbench.pods(node=nodes[-1].name).service(**LOCAL)
    eventually(health_check(outside, nodes[-1], later.spec["healthCheckNodePort"]), _healthy)

    consistently(health_check(outside, nodes[-1], service.spec["healthCheckNodePort"]), _unhealthy)


@behaviour(because=TELLS, spec=HEALTH_CHECK, fails_under={"proxy/hcnp-200-without-local"})
def test_health_check_fails_when_the_last_endpoint_of_the_node_goes(db, nodes, outside):
    """A node whose last endpoint of a Service goes no longer answers its healthCheckNodePort with status 200."""
    service = db.service(**LOCAL)
    look = health_check(outside, nodes[0], service.spec["healthCheckNodePort"])
    eventually(look, _healthy)

    service.patch(selector=NOBODY)
    eventually(look, _unhealthy)


@behaviour(
    because="The port tells whether a node holds endpoints of a Service, and of one that is deleted it holds none.",
    spec=HEALTH_CHECK,
    fails_under={"proxy/hcnp-200-after-delete"},
    alone=True,
)
def test_health_check_ends_with_the_service(db, nodes, outside):
    """When a Service is deleted, its healthCheckNodePort no longer answers with status 200."""
    service = db.service(**LOCAL)
    look = health_check(outside, nodes[0], service.spec["healthCheckNodePort"])
    eventually(look, _healthy)

    service.delete()
    eventually(look, _unhealthy)


@behaviour(
    because="By the time a node's terminating endpoints end, the load balancer has seen its health check fail.",
    spec=VIRTUAL_IPS + "#traffic-to-terminating-endpoints",
    requires={Feature.TERMINATING_ENDPOINTS},
    fails_under={"proxy/hcnp-counts-terminating"},
    kep=1669,
    since="1.28",
)
def test_health_check_fails_when_all_endpoints_of_the_node_are_terminating(workbench, nodes, client, outside):
    """A node whose only endpoint is terminating no longer answers the healthCheckNodePort with status 200."""
    backend = workbench.pods(node=nodes[0].name, linger=True, grace=30)
    service = backend.service(**LOCAL)
    look = health_check(outside, nodes[0], service.spec["healthCheckNodePort"])
    eventually(look, _healthy)

    backend.pods[0].delete()
    eventually(look, _unhealthy)
    with control("the endpoint still serves, at its own address"):
        eventually(lambda: client.tcp(backend.pods[0].at(8080)), answered)


@behaviour(
    because="The port tells of the endpoints of one Service, whatever becomes of others that have one.",
    requires={Capability.TWO_NODES},
    fails_under={"proxy/hcnp-closed-with-neighbour"},
)
def test_health_check_outlives_that_of_another_service(db, workbench, nodes, outside):
    """When a Service is deleted, nodes answer the healthCheckNodePorts of others as before."""
    going, here, there = db.service(**LOCAL), db.service(**LOCAL), workbench.pods(node=nodes[-1].name).service(**LOCAL)
    own, other = nodes[0], nodes[-1]
    for service, node in ((going, own), (here, own), (there, other)):
        eventually(health_check(outside, node, service.spec["healthCheckNodePort"]), _healthy)
    look = health_check(outside, own, going.spec["healthCheckNodePort"])

    going.delete()
    with control("the proxy has seen that the other Service is gone"):
        eventually(look, _unhealthy)
    for service, node in ((here, own), (there, other)):
        eventually(health_check(outside, node, service.spec["healthCheckNodePort"]), _healthy)
    eventually(health_check(outside, own, there.spec["healthCheckNodePort"]), _unhealthy)

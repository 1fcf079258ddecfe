"""healthCheckNodePort: where load balancers ask a node whether it has an endpoint of a Service."""

from harness import MUST, PROXY, Capability, Feature, answered, behaviour, control, eventually

from ..clauses import SERVICE_API

HEALTH_CHECK = SERVICE_API + "#ServiceSpec"
NEEDS: set[Capability | Feature] = {
    Capability.OUTSIDE_CLIENT,
    Feature.EXTERNAL_TRAFFIC_POLICY,
    Feature.HEALTH_CHECK_NODE_PORT,
}
LOCAL = {"type": "LoadBalancer", "externalTrafficPolicy": "Local"}
NOBODY = {"app": "nobody-has-this-label"}


def _healthy(status: int) -> bool:
    """The status is 200."""
    return status == 200


def _unhealthy(status: int) -> bool:
    """The status is one other than 200."""
    return status not in (0, 200)


@behaviour(spec=HEALTH_CHECK, level=MUST, by=PROXY, requires=NEEDS, fails_under={"proxy/hcnp-not-served"})
def test_health_check_succeeds_on_a_node_with_an_endpoint(db, nodes, outside):
    """A node that has an endpoint of a Service answers its healthCheckNodePort with status 200."""
    port = db.service(**LOCAL).spec["healthCheckNodePort"]

    status = eventually(lambda: outside.http_status(nodes[0].addresses[0], port), _healthy)

    assert status == 200


@behaviour(
    spec=HEALTH_CHECK,
    level=MUST,
    by=PROXY,
    requires=NEEDS | {Capability.TWO_NODES},
    fails_under={"proxy/hcnp-not-served"},
)
def test_health_check_fails_on_a_node_without_endpoint(db, nodes, outside):
    """A node that has no endpoint of a Service answers its healthCheckNodePort with another status."""
    port = db.service(**LOCAL).spec["healthCheckNodePort"]

    status = eventually(lambda: outside.http_status(nodes[-1].addresses[0], port), _unhealthy)

    assert status != 200


@behaviour(spec=HEALTH_CHECK, level=MUST, by=PROXY, requires=NEEDS, fails_under={"proxy/hcnp-200-without-local"})
def test_health_check_fails_when_the_last_endpoint_of_the_node_goes(db, nodes, outside):
    """A node whose last endpoint of a Service goes no longer answers its healthCheckNodePort with status 200."""
    service = db.service(**LOCAL)
    port = service.spec["healthCheckNodePort"]
    eventually(lambda: outside.http_status(nodes[0].addresses[0], port), _healthy)

    service.patch(selector=NOBODY)
    status = eventually(lambda: outside.http_status(nodes[0].addresses[0], port), _unhealthy)

    assert status != 200


@behaviour(
    spec=HEALTH_CHECK, level=MUST, by=PROXY, requires=NEEDS, fails_under={"proxy/hcnp-200-after-delete"}, alone=True
)
def test_health_check_ends_with_the_service(db, nodes, outside):
    """When a Service is deleted, its healthCheckNodePort no longer answers with status 200."""
    service = db.service(**LOCAL)
    port = service.spec["healthCheckNodePort"]
    eventually(lambda: outside.http_status(nodes[0].addresses[0], port), _healthy)

    service.delete()
    status = eventually(lambda: outside.http_status(nodes[0].addresses[0], port), lambda found: found != 200)

    assert status != 200


@behaviour(
    spec=HEALTH_CHECK,
    level=MUST,
    by=PROXY,
    requires=NEEDS | {Feature.TERMINATING_ENDPOINTS},
    fails_under={"proxy/hcnp-counts-terminating"},
)
def test_health_check_fails_when_all_endpoints_of_the_node_are_terminating(workbench, nodes, outside):
    """A node whose only endpoint is terminating no longer answers the healthCheckNodePort with status 200."""
    backend = workbench.pods(node=nodes[0].name, linger=True, grace=30)
    service = backend.service(type="LoadBalancer", externalTrafficPolicy="Local")
    port = service.spec["healthCheckNodePort"]
    eventually(lambda: outside.http_status(nodes[0].addresses[0], port), _healthy)

    backend.pods[0].delete()
    status = eventually(lambda: outside.http_status(nodes[0].addresses[0], port), _unhealthy)
    with control("it is still serving"):
        eventually(lambda: outside.tcp(service.at_node(nodes[0])), answered)

    assert status != 200

"""Endpoints and Services that go, as seen at each of a Service's addresses."""

from svcproof import APART, SHOULD, answered, answered_by, control, eventually, refused, silent

from ..clauses import SERVICE_PROXY, VIRTUAL_IPS
from .door import CLUSTER_IP, EXTERNAL_IP, LOAD_BALANCER, NODE_PORT, behaviour_at

NOBODY = {"app": "nobody-has-this-label"}
BOTH_PROTOCOLS = [
    {"name": "stream", "port": 80, "targetPort": 8080, "protocol": "TCP"},
    {"name": "datagram", "port": 80, "targetPort": 5353, "protocol": "UDP"},
]
TRIES = 20
"""One of two backends is missed in 20 tries once in a million runs."""
IN_STEP = "The rules of each node are kept in step with the EndpointSlices that the API server has."


@behaviour_at(
    CLUSTER_IP.using(askers="clients")(
        "deleted_service_is_no_longer_served",
        "After a Service is deleted its ClusterIP no longer leads to its endpoints, from any node.",
        spec=VIRTUAL_IPS,
        area="updates",
        because="Proxies watch for the removal of Services too, and keep the rules of each node in step with it.",
        fails_under={"proxy/deleted-service-still-served", "proxy/removals-missed-on-some-nodes"},
    ),
    NODE_PORT(
        "node_port_of_a_deleted_service_is_not_served",
        "When a Service is deleted, its node port leads nowhere any more, on any node.",
        because=(
            "Nodes forward a port into the Service that has it as its node port; no Service has this one any more."
        ),
        fails_under={"proxy/deleted-service-still-served"},
    ),
    EXTERNAL_IP(
        "external_ip_of_a_deleted_service_is_not_served",
        "When a Service is deleted, its externalIP leads nowhere any more.",
        spec=VIRTUAL_IPS,
        because="Proxies watch for the removal of Services too, and keep the rules of each node in step with it.",
        fails_under={"proxy/deleted-service-still-served"},
    ),
    LOAD_BALANCER.using(askers="clients")(
        "load_balancer_address_of_a_deleted_service_is_not_served",
        "When a Service is deleted, its load balancer address leads nowhere any more, on any node.",
        because=(
            "Traffic for an address is directed at the Service whose load balancer has it; here no "
            "Service's has any more."
        ),
        fails_under={"proxy/lb-vip-survives-service-delete"},
        alone=True,
    ),
)
def check_deleted_service(door, echo):
    """An address that answered is silent once its Service is deleted."""
    service = door.service(echo)
    targets = door.targets(service)
    with control("the Service is served there before"):
        eventually(lambda: door.ask(*targets, times=3), answered)

    service.delete()
    eventually(lambda: door.ask(*targets, times=3, timeout=0.5), silent)


@behaviour_at(
    CLUSTER_IP(
        "pod_that_leaves_gets_no_more_connections",
        "A pod whose labels no longer match gets no new connection, though it still listens.",
        because="The rules of each node are kept in step with the Services and EndpointSlices that the API server has.",
        fails_under={
            "proxy/lb-never-removes-endpoints",
            "proxy/missed-watch-event-never-reconciled",
            "proxy/endpoint-removal-lags",
        },
    ),
    NODE_PORT(
        "pod_that_leaves_gets_nothing_more_from_a_node_port",
        "A pod whose labels no longer match gets no new connection through a node port, though it still listens.",
        fails_under={"proxy/nodeport-keeps-removed-endpoint"},
    ),
    EXTERNAL_IP(
        "pod_that_leaves_gets_nothing_more_from_an_external_ip",
        "A pod whose labels no longer match gets no new connection through an externalIP, though it still listens.",
        fails_under={"proxy/external-ip-keeps-removed-endpoint", "proxy/lb-never-removes-endpoints"},
    ),
    LOAD_BALANCER(
        "pod_that_leaves_gets_nothing_more_from_a_load_balancer_address",
        "A pod whose labels no longer match gets no new connection at a load balancer's address, though it listens.",
        fails_under={"proxy/lb-keeps-removed-endpoint", "proxy/lb-never-removes-endpoints"},
    ),
    spec=VIRTUAL_IPS,
    area="updates",
    because=IN_STEP,
)
def check_leaving_pod(door, workbench, client):
    """Of two endpoints the one that stays answers alone, though the other still listens."""
    pods = workbench.pods(count=2)
    leaving, staying = pods.pods
    service = door.service(pods)
    target = door.target(service)
    eventually(lambda: door.ask(target, times=TRIES), answered_by(pods.names))

    leaving.relabel(app="elsewhere")
    workbench.await_endpoints(service, 1)
    eventually(lambda: door.ask(target, times=TRIES), answered_by({staying.name}))

    with control("the pod that left still listens"):
        eventually(lambda: client.tcp(leaving.at(8080)), answered)


@behaviour_at(
    NODE_PORT(
        "node_port_without_endpoints_refuses_at_once",
        "A connection to the node port of a Service that has no endpoint left is refused, not left to time out.",
    ),
    EXTERNAL_IP.using(external_address="silent_external_address")(
        "external_ip_without_endpoints_refuses_at_once",
        "A connection to an externalIP whose Service has no endpoint left is refused, not left to time out.",
        spec=SERVICE_PROXY + "#basic-service-handling",
        because="Without a usable endpoint, connections to any address of a Service should be refused, not dropped.",
        otherwise="A proxy that drops what no endpoint can take.",
    ),
    LOAD_BALANCER.using(askers="client")(
        "load_balancer_address_without_endpoints_refuses_at_once",
        "A connection to the address of a Service that has no endpoint left is refused, not left to time out.",
    ),
    spec=VIRTUAL_IPS,
    level=SHOULD,
    because="",
    fails_under={"proxy/noep-syn-swallowed"},
)
def check_refusal(door, echo, nodes, host_port, refusals_reach):
    """An address that answered refuses once the Service has no endpoint, where a closed port's "
    "refusals come through."""
    service = door.service(echo)
    target = door.target(service)
    eventually(lambda: door.ask(target), answered)
    closed = (echo.pods[0].address,) if door.asker.node else (nodes[0].addresses[0], host_port())
    refusals_reach(door.asker, *closed)

    service.patch(selector=NOBODY)
    eventually(lambda: door.ask(target), refused, apart=APART)


@behaviour_at(
    CLUSTER_IP.using(askers="clients")(
        "cluster_ip_without_endpoints_leads_to_none_that_left",
        "When the last endpoint of a Service has left, its ClusterIP leads to none that left, over TCP or UDP.",
    ),
    NODE_PORT(
        "node_port_without_endpoints_leads_to_none_that_left",
        "When the last endpoint of a Service has left, its node port leads to none that left, over TCP or UDP.",
    ),
    EXTERNAL_IP(
        "external_ip_without_endpoints_leads_to_none_that_left",
        "When the last endpoint of a Service has left, its externalIP leads to none that left, over TCP or UDP.",
    ),
    LOAD_BALANCER(
        "load_balancer_address_without_endpoints_leads_to_none_that_left",
        "When the last endpoint of a Service has left, its load balancer address leads to none that left.",
    ),
    spec=VIRTUAL_IPS,
    area="updates",
    because=IN_STEP,
    fails_under={"proxy/last-endpoint-never-removed", "proxy/lb-never-removes-endpoints"},
)
def check_last_endpoint(door, echo):
    """Of an address that answered over both protocols neither does when the Service selects nobody."""
    service = door.service(echo, ports=BOTH_PROTOCOLS)
    targets = [*door.targets(service, "stream"), *door.targets(service, "datagram")]
    eventually(lambda: door.ask(*targets, times=2), answered)

    service.patch(selector=NOBODY)
    eventually(lambda: door.ask(*targets, times=3, timeout=0.5), silent)

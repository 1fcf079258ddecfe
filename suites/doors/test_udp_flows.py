"""UDP clients that keep their port while something changes, at each of a Service's addresses.

What they ask with is a new socket each time: a load balancer that works at the socket picks an endpoint as it connects.
"""

from contextlib import ExitStack

from svcproof import (
    MAY,
    PROXY,
    SHOULD,
    Capability,
    Expired,
    Feature,
    Protocol,
    answered,
    answered_by,
    answered_within,
    at_ports,
    behaviour,
    control,
    eventually,
    silent,
)

from ..clauses import SERVICE_PROXY
from .door import CLUSTER_IP, EXTERNAL_IP, LOAD_BALANCER, NODE_PORT, behaviour_at

DATAGRAMS = [{"name": "main", "port": 80, "targetPort": 8080, "protocol": "UDP"}]
NOBODY = {"app": "nobody-has-this-label"}
ENDPOINTS_OF_NOW = (
    "When the endpoints of a UDP Service change, what is remembered of flows must go, so that new packets are not "
    "matched to what is stale."
)
SOCKETS = "one that holds on to what a socket met may do so for the socket that met it, not for a new one."


def kept(service):
    """The node port that a Service has, as keys of its port."""
    (port,) = service.spec["ports"]
    return {"nodePort": port["nodePort"]} if "nodePort" in port else {}


@behaviour_at(
    CLUSTER_IP(
        "udp_flow_moves_on_when_its_endpoint_is_not_ready",
        "A UDP client of a ClusterIP is answered on the same port by another endpoint when its own is not ready.",
    ),
    NODE_PORT(
        "udp_flow_to_a_node_port_moves_on_when_its_endpoint_is_not_ready",
        "A UDP client of a node port is answered on the same port by another endpoint when its own is not ready.",
    ),
    EXTERNAL_IP(
        "udp_flow_to_an_external_ip_moves_on_when_its_endpoint_is_not_ready",
        "A UDP client of an externalIP is answered on the same port by another endpoint when its own is not ready.",
    ),
    LOAD_BALANCER(
        "udp_flow_to_a_load_balancer_address_moves_on_when_its_endpoint_is_not_ready",
        "A UDP client of a load balancer's address is answered by another endpoint when its own is not ready.",
    ),
    spec=SERVICE_PROXY + "#udp-conntrack-cleanup",
    area="endpoints",
    because=ENDPOINTS_OF_NOW,
    requires={Feature.UDP_FLOWS},
    otherwise=SOCKETS,
    fails_under={"proxy/udp-flow-sticks-to-unready-endpoint", "proxy/condition-edit-ignored"},
)
def check_flow_to_an_unready_endpoint(door, workbench, client):
    """A new socket on the port of a flow is answered by the endpoint that is ready, though the other still listens."""
    pods = workbench.pods(count=2, tcp=(), readiness=True)
    target = door.target(door.service(pods, ports=DATAGRAMS))
    with control("the Service serves datagrams"):
        eventually(lambda: door.ask(target, times=3), answered)

    with door.asker.udp_flow(target) as flow:
        (first,) = eventually(lambda: flow.exchange(), answered).backends
    unready = next(pod for pod in pods.pods if pod.name == first)
    unready.vantage.ready(False)
    eventually(lambda: door.asker.udp(target, source_port=flow.source_port), answered_by(pods.names - {first}))

    with control("the endpoint that is not ready still answers at its own address"):
        eventually(lambda: client.udp(unready.at(8080, Protocol.UDP)), answered)


@behaviour_at(
    CLUSTER_IP(
        "udp_flow_to_a_deleted_service",
        "A UDP client of a ClusterIP is still answered on the same port, or not, once the Service is deleted.",
    ),
    NODE_PORT(
        "udp_flow_to_the_node_port_of_a_deleted_service",
        "A UDP client of a node port is still answered on the same port, or not, once the Service is deleted.",
    ),
    EXTERNAL_IP(
        "udp_flow_to_the_external_ip_of_a_deleted_service",
        "A UDP client of an externalIP is still answered on the same port, or not, once the Service is deleted.",
    ),
    spec=SERVICE_PROXY + "#udp-conntrack-cleanup",
    level=MAY,
    area="endpoints",
    because="",
    fails_under={"proxy/udp-flow-of-deleted-service-kept"},
)
def check_flow_to_a_deleted_service(door, echo, record):
    """A new socket on the port of a flow is answered or not when the Service is gone, which a new port shows.

    kube-proxy forgets such flows since https://github.com/kubernetes/kubernetes/pull/141371.
    """
    service = door.service(echo, ports=DATAGRAMS)
    target = door.target(service)
    eventually(lambda: door.ask(target, times=3), answered)

    with door.asker.udp_flow(target) as flow:
        eventually(lambda: flow.exchange(), answered)
    service.delete()
    with control("a new port is not answered"):
        eventually(lambda: door.ask(target, timeout=0.5), silent)
    record(_end_of(lambda: door.asker.udp(target, source_port=flow.source_port, timeout=0.5)))


@behaviour_at(
    CLUSTER_IP(
        "udp_flow_follows_the_target_port",
        "A UDP client of a ClusterIP is answered on the same port at the new targetPort when that changes.",
    ),
    NODE_PORT(
        "udp_flow_to_a_node_port_follows_the_target_port",
        "A UDP client of a node port is answered on the same port at the new targetPort when that changes.",
    ),
    EXTERNAL_IP(
        "udp_flow_to_an_external_ip_follows_the_target_port",
        "A UDP client of an externalIP is answered on the same port at the new targetPort when that changes.",
    ),
    LOAD_BALANCER(
        "udp_flow_to_a_load_balancer_address_follows_the_target_port",
        "A UDP client of a load balancer's address is answered at the new targetPort when that changes.",
    ),
    spec=SERVICE_PROXY + "#udp-conntrack-cleanup",
    area="endpoints",
    because=ENDPOINTS_OF_NOW,
    requires={Feature.UDP_FLOWS},
    otherwise=SOCKETS,
    fails_under={"proxy/udp-flow-sticks-to-dead-backend"},
)
def check_flow_of_an_edited_service(door, echo):
    """A new socket on the port of a flow is answered at the targetPort of now, though the old one still listens."""
    service = door.service(echo, ports=DATAGRAMS)
    target = door.target(service)
    with control("the Service serves datagrams"):
        eventually(lambda: door.ask(target, times=3), answered)

    with door.asker.udp_flow(target) as flow:
        eventually(lambda: flow.exchange(), answered)
    service.patch(ports=[{**DATAGRAMS[0], **kept(service), "targetPort": 5353}])
    eventually(lambda: door.asker.udp(target, source_port=flow.source_port), at_ports(5353))


@behaviour_at(
    NODE_PORT(
        "udp_flow_to_a_node_port_older_than_the_first_endpoint_reaches_it",
        "A UDP client of a node port that sent before there was an endpoint is answered on the same port after.",
    ),
    EXTERNAL_IP.using(external_address="silent_external_address")(
        "udp_flow_to_an_external_ip_older_than_the_first_endpoint_reaches_it",
        "A UDP client of an externalIP that sent before there was an endpoint is answered on the same port after.",
    ),
    LOAD_BALANCER.using(askers="client")(
        "udp_flow_to_a_load_balancer_address_older_than_the_first_endpoint_reaches_it",
        "A UDP client of a load balancer's address that sent before there was an endpoint is answered after.",
    ),
    spec=SERVICE_PROXY + "#udp-conntrack-cleanup",
    area="endpoints",
    because=ENDPOINTS_OF_NOW,
    otherwise=SOCKETS,
    fails_under={"proxy/udp-blackhole-zero-to-one"},
)
def check_early_flow(door, echo, workbench):
    """The port of a flow that went nowhere is answered, by a new socket, when there is an endpoint."""
    service = door.service(workbench, selector=NOBODY, ports=DATAGRAMS)
    target = door.target(service)

    with door.asker.udp_flow(target) as flow:
        flow.exchange(times=2, timeout=0.3)
    service.patch(selector=echo.labels)
    with control("the Service answers other ports"):
        eventually(lambda: door.ask(target), answered)
    eventually(lambda: door.asker.udp(target, source_port=flow.source_port), answered)


@behaviour_at(
    CLUSTER_IP(
        "udp_flow_to_a_cluster_ip_ends_with_the_last_endpoint",
        "A UDP client of a ClusterIP is not answered on the same port by a pod that was the last endpoint and left.",
    ),
    NODE_PORT(
        "udp_flow_to_a_node_port_ends_with_the_last_endpoint",
        "A UDP client of a node port is not answered on the same port by a pod that was the last endpoint and left.",
    ),
    EXTERNAL_IP.using(external_address="silent_external_address")(
        "udp_flow_to_an_external_ip_ends_with_the_last_endpoint",
        "A UDP client of an externalIP is not answered on the same port by a pod that was the last endpoint and left.",
    ),
    LOAD_BALANCER(
        "udp_flow_to_a_load_balancer_address_ends_with_the_last_endpoint",
        "A UDP client of a load balancer's address is not answered by a pod that was the last endpoint and left.",
    ),
    spec=SERVICE_PROXY + "#udp-conntrack-cleanup",
    level=SHOULD,
    area="endpoints",
    because=ENDPOINTS_OF_NOW,
    otherwise=SOCKETS,
    fails_under={"proxy/udp-scale-to-zero-keeps-sending"},
)
def check_flow_to_the_last_endpoint(door, workbench, client):
    """A new socket on the port of a flow is not answered when the endpoints are gone, though the last still listens.

    kube-proxy does so since https://github.com/kubernetes/kubernetes/pull/139629, and in 1.37 not at node ports: hence
    no MUST.
    """
    pods = workbench.pods(tcp=())
    service = door.service(pods, ports=DATAGRAMS)
    target = door.target(service)
    with control("the Service serves datagrams"):
        eventually(lambda: door.ask(target, times=3), answered)

    with door.asker.udp_flow(target) as flow:
        eventually(lambda: flow.exchange(), answered)
    pods.pods[0].relabel(app="elsewhere")
    workbench.await_endpoints(service, 0)
    with control("a new port is not answered"):
        eventually(lambda: door.ask(target, timeout=0.5), silent)
    eventually(lambda: door.asker.udp(target, source_port=flow.source_port, timeout=0.5), silent)

    with control("the pod still answers at its own address"):
        eventually(lambda: client.udp(pods.pods[0].at(8080, Protocol.UDP)), answered)


@behaviour(
    spec=SERVICE_PROXY + "#udp-conntrack-cleanup",
    level=MAY,
    by=PROXY,
    area="endpoints",
    requires={Capability.TWO_NODES, Feature.INTERNAL_TRAFFIC_POLICY},
    fails_under={"proxy/udp-flow-ignores-local-policy"},
    kep=2086,
    since="1.26",
)
def test_udp_flow_when_the_policy_becomes_local(echo, nodes, client, record):
    """A UDP client stays with an endpoint of another node on the same port, or not, when the policy becomes Local."""
    service = echo.service(ports=DATAGRAMS)
    target, here = service.at_cluster_ip(), echo.on(nodes[0].name)
    eventually(lambda: client.udp(target, times=3), answered)

    with ExitStack() as open_flows:
        flows = [open_flows.enter_context(client.udp_flow(target)) for _ in range(12)]
        away = [flow for flow in flows if eventually(flow.exchange, answered).backends - here]
    with control("one of twelve flows goes to an endpoint of another node"):
        assert away, "a flow leads to another node"
    service.patch(internalTrafficPolicy="Local")
    with control("new ports are answered by endpoints of the client's node"):
        eventually(lambda: client.udp(target, times=12), answered_within(here))
    try:
        eventually(lambda: client.udp(target, source_port=away[0].source_port), answered_within(here))
    except Expired:
        record("stays")
    else:
        record("comes home")


def _end_of(look):
    """A word for what becomes of a flow that leads nowhere any more."""
    try:
        eventually(look, silent)
    except Expired:
        return "answered"
    return "no longer answered"

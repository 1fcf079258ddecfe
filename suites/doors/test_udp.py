"""UDP at each of a Service's addresses."""

from svcproof import Protocol, answered, answered_by, control, eventually

from ..clauses import ENDPOINTS_OF_NOW, EVENLY, SERVICE, SERVICE_API, SERVICE_PROXY, TOLD_OTHERWISE
from .door import CLUSTER_IP, EXTERNAL_IP, LOAD_BALANCER, NODE_PORT, behaviour_at

DATAGRAMS = [{"port": 53, "targetPort": 5353, "protocol": "UDP"}]
TRIES = 40
"""Missing one of three equally likely backends in 40 tries happens once in 3.7 million runs."""


@behaviour_at(
    CLUSTER_IP(
        "udp_service_answers_from_its_cluster_ip",
        "A datagram to a UDP Service's ClusterIP is answered, and the answer comes from that address.",
        spec=SERVICE + "#protocol-udp",
        because="UDP is a protocol of Services of any type, and a client that asks their address is answered by it.",
        fails_under={"proxy/service-port-used-as-target"},
    ),
    CLUSTER_IP.using(askers="hosts")(
        "cluster_ip_serves_udp_to_every_node",
        "A datagram of a process in the host network of any node to a UDP Service's ClusterIP is answered.",
        spec=SERVICE_PROXY + "#cluster-ips",
        because="A ClusterIP must be reachable from all pods and from all nodes, and UDP is one of its protocols.",
        fails_under={"proxy/udp-of-nodes-not-translated"},
    ),
    NODE_PORT(
        "node_port_serves_udp",
        "A datagram to a UDP Service's node port is answered from the address and port it was sent to.",
        fails_under={"proxy/service-port-used-as-target"},
    ),
    EXTERNAL_IP(
        "external_ip_serves_udp",
        "A datagram to a UDP Service's externalIP is answered from that address.",
        because="Traffic for an externalIP and a port of the Service is routed to an endpoint, whatever its protocol.",
        fails_under={"proxy/external-ips-ignored"},
    ),
    LOAD_BALANCER(
        "load_balancer_address_serves_udp",
        "A datagram to a UDP Service's load balancer address is answered from the address and port it was sent to.",
        fails_under={"proxy/udp-not-served"},
    ),
)
def check_udp(door, echo):
    """Datagrams are answered, at the targetPort."""
    targets = door.targets(door.service(echo, ports=DATAGRAMS))

    seen = eventually(lambda: door.ask(*targets, times=5), answered)

    # The agent's UDP sockets are connected: only an answer from the address they asked reaches them.
    assert seen.ports == {5353}


@behaviour_at(
    CLUSTER_IP(
        "cluster_ip_spreads_datagrams_over_all_endpoints",
        "Datagrams of different sockets to a UDP Service's ClusterIP reach, in time, every ready endpoint.",
    ),
    NODE_PORT(
        "node_port_spreads_datagrams_over_all_endpoints",
        "Datagrams of different sockets to one node's port reach, in time, every ready endpoint.",
    ),
    EXTERNAL_IP(
        "external_ip_spreads_datagrams_over_all_endpoints",
        "Datagrams of different sockets to a UDP Service's externalIP reach, in time, every ready endpoint.",
    ),
    LOAD_BALANCER(
        "load_balancer_address_spreads_datagrams_over_all_endpoints",
        "Datagrams of different sockets to a load balancer's address reach, in time, every ready endpoint.",
    ),
    spec=SERVICE_API + "#ServiceSpec",
    because=EVENLY,
    otherwise=TOLD_OTHERWISE,
    fails_under={"proxy/udp-first-endpoint-only"},
)
def check_spread_of_datagrams(door, echo):
    """Datagrams, each of a socket of its own, reach every endpoint."""
    target = door.target(door.service(echo, ports=DATAGRAMS))

    eventually(lambda: door.ask(target, times=TRIES), answered_by(echo.names))


@behaviour_at(
    CLUSTER_IP(
        "udp_flow_moves_on_when_its_endpoint_is_gone",
        "A UDP client's next socket on the same port is answered by another endpoint once its own has "
        "left the Service.",
        otherwise="one that holds on to a socket's endpoint may do so for the socket that had it, not for a new one.",
        fails_under={"proxy/udp-flow-sticks-to-dead-backend"},
    ),
    NODE_PORT(
        "udp_flow_to_a_node_port_moves_on_when_its_endpoint_is_gone",
        "A UDP client outside is answered on the same port, by a new socket, by another endpoint once "
        "its own has left.",
        fails_under={"proxy/udp-nodeport-not-flushed"},
    ),
    EXTERNAL_IP(
        "udp_flow_to_an_external_ip_moves_on_when_its_endpoint_is_gone",
        "A UDP client of an externalIP is answered on the same port by another endpoint when its own goes.",
        fails_under={"proxy/udp-external-ip-not-flushed", "proxy/udp-flow-sticks-to-dead-backend"},
    ),
    LOAD_BALANCER(
        "udp_flow_to_a_load_balancer_address_moves_on_when_its_endpoint_is_gone",
        "A UDP client of a load balancer's address is answered on the same port by another endpoint when its own goes.",
        fails_under={"proxy/udp-load-balancer-not-flushed", "proxy/udp-flow-sticks-to-dead-backend"},
    ),
    spec=SERVICE_PROXY + "#udp-conntrack-cleanup",
    area="endpoints",
    because=ENDPOINTS_OF_NOW,
)
def check_udp_flow(door, workbench, client):
    """A new socket on the port of a flow is answered by the endpoint that is left, though the other still listens."""
    pods = workbench.pods(count=2, tcp=())
    service = door.service(pods, ports=[{"name": "main", "port": 80, "targetPort": 8080, "protocol": "UDP"}])
    target = door.target(service)
    with control("the Service serves datagrams"):
        eventually(lambda: door.ask(target, times=3), answered)

    with door.asker.udp_flow(target) as flow:
        (first,) = eventually(lambda: flow.exchange(), answered).backends
    leaving = next(pod for pod in pods.pods if pod.name == first)
    leaving.relabel(app="elsewhere")
    workbench.await_endpoints(service, 1)
    eventually(lambda: door.asker.udp(target, source_port=flow.source_port), answered_by(pods.names - {first}))

    with control("the endpoint that left still answers at its own address"):
        eventually(lambda: client.udp(leaving.at(8080, Protocol.UDP)), answered)

"""From the ports of a Service to those of its endpoints, at each of its addresses."""

from svcproof import answered, control, eventually

from ..clauses import SERVICE
from .door import CLUSTER_IP, EXTERNAL_IP, LOAD_BALANCER, NODE_PORT, behaviour_at

MULTI_PORT = SERVICE + "#multi-port-services"
NAMED = [{"name": "main", "port": 80, "targetPort": "main"}, {"name": "other", "port": 81, "targetPort": "other"}]
STREAM_AND_DATAGRAM = [
    {"name": "stream", "port": 80, "targetPort": 8080, "protocol": "TCP"},
    {"name": "datagram", "port": 80, "targetPort": 5353, "protocol": "UDP"},
]


@behaviour_at(
    CLUSTER_IP(
        "each_port_of_a_multi_port_service_reaches_its_own_target_port",
        "Each port of a Service with several reaches its own targetPort and no other.",
        spec=MULTI_PORT,
        because="A Service may have several port definitions, each with a targetPort of its own.",
    ),
    NODE_PORT(
        "each_port_has_a_node_port_that_leads_to_its_target",
        "Each port of a Service has a node port, and each leads to its own named targetPort.",
        spec=MULTI_PORT,
        because="A Service may define several ports, each with a target of its own, and each gets a node port.",
    ),
    EXTERNAL_IP(
        "external_ip_serves_every_port",
        "Each port of a Service is served at its externalIP, and leads to its own targetPort.",
    ),
    LOAD_BALANCER(
        "load_balancer_address_serves_every_port",
        "Each port of a Service is served at its load balancer address, and leads to its own targetPort.",
    ),
    fails_under={"proxy/first-port-only"},
)
def check_each_port(door, echo):
    """Each of two ports leads to the targetPort that it names."""
    service = door.service(echo, ports=NAMED)
    main, other = door.target(service, "main"), door.target(service, "other")

    seen = eventually(lambda: door.ask(main, other, times=5), answered)

    assert {(probe.target.port, probe.answer.port) for probe in seen} == {(main.port, 8080), (other.port, 8081)}, (
        "each port leads to its targetPort"
    )


@behaviour_at(
    CLUSTER_IP(
        "same_port_number_serves_tcp_and_udp",
        "A Service with one port number for both TCP and UDP serves both.",
        spec=SERVICE + "#protocol-support",
        because=(
            "Each port definition of a Service has a protocol of its own, so number and protocol together "
            "tell ports apart."
        ),
    ),
    NODE_PORT(
        "node_port_of_one_number_serves_tcp_and_udp",
        "A Service that has one node port for TCP and UDP is reached there over both, each at its own targetPort.",
        spec=MULTI_PORT,
        because="Ports of a Service may be of different protocols, and a node port is of the protocol of its port.",
    ),
    fails_under={"proxy/tcp-udp-same-port-one-lost"},
)
def check_two_protocols(door, echo):
    """One number serves TCP and UDP, each at its own targetPort."""
    service = door.service(echo, ports=STREAM_AND_DATAGRAM)
    tcp, udp = door.target(service, "stream"), door.target(service, "datagram")
    with control("both have the same number"):
        assert tcp.port == udp.port, "the port is the same of both protocols"

    seen = eventually(lambda: door.ask(tcp, udp, times=5), answered)

    assert {(probe.target.protocol, probe.answer.port) for probe in seen} == {("tcp", 8080), ("udp", 5353)}, (
        "each protocol leads to its targetPort"
    )

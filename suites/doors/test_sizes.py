"""Requests and answers that need several packets, and long connections, at each of a Service's addresses."""

from svcproof import MUST, SHOULD, Capability, Protocol, answered, answered_by, answered_within, control, eventually

from ..clauses import VIRTUAL_IPS
from .door import CLUSTER_IP, EXTERNAL_IP, LOAD_BALANCER, NODE_PORT, behaviour_at

DATAGRAMS = [{"port": 80, "targetPort": 8080, "protocol": "UDP"}]
PATIENT = 5.0
"""Seconds: enough for a busy machine, and for a segment sent again."""
EXCHANGES = 6000
"""What resets a connection at one large packet in two thousand leaves that of so many alone once in 400 runs."""
ALL_OF_IT = (
    "A client that connects to a Service's virtual IP has its traffic transported to an appropriate endpoint, all of "
    "it and not the first packets alone."
)
MTU = {"proxy/large-packets-lost-at-external-addresses"}


@behaviour_at(
    CLUSTER_IP(
        "cluster_ip_carries_large_payloads",
        "A request and an answer of 100 kB each pass through a ClusterIP, in many connections at once.",
        fails_under={"proxy/service-port-used-as-target"},
    ),
    NODE_PORT(
        "node_port_carries_large_payloads",
        "A request and an answer of 100 kB each pass through every node's port, in many connections at once.",
        fails_under=MTU,
    ),
    EXTERNAL_IP(
        "external_ip_carries_large_payloads",
        "A request and an answer of 100 kB each pass through an externalIP, in many connections at once.",
        fails_under=MTU,
    ),
    LOAD_BALANCER(
        "load_balancer_address_carries_large_payloads",
        "A request and an answer of 100 kB each pass through a load balancer's address, in many connections at once.",
        fails_under=MTU,
    ),
    spec=VIRTUAL_IPS + "#ip-address-assignment-to-services",
    because=ALL_OF_IT,
)
def check_large_payloads(door, echo, client):
    """Large requests are answered, each by as large an answer."""
    targets = door.targets(door.service(echo))
    with control("the endpoints carry them without the Service"):
        eventually(lambda: client.tcp(echo.pods[0].at(8080), times=5, size=100_000, timeout=PATIENT), answered)
    eventually(lambda: door.ask(*targets, times=5), answered)

    eventually(lambda: door.ask(*targets, times=20, size=100_000, timeout=PATIENT), answered_within(echo.names))


@behaviour_at(
    CLUSTER_IP.using(askers="far_client")(
        "cluster_ip_carries_large_datagrams",
        "A datagram of 4 kB, which needs several packets, passes through a ClusterIP, and its answer too.",
        requires={Capability.TWO_NODES},
        fails_under={"proxy/udp-fragments-lost", "proxy/large-answers-lost"},
    ),
    NODE_PORT(
        "node_port_carries_large_datagrams", "A datagram of 4 kB passes through a node port, and its answer too."
    ),
    EXTERNAL_IP(
        "external_ip_carries_large_datagrams", "A datagram of 4 kB passes through an externalIP, and its answer."
    ),
    LOAD_BALANCER(
        "load_balancer_address_carries_large_datagrams",
        "A datagram of 4 kB passes through a load balancer's address, and its answer too.",
    ),
    spec=VIRTUAL_IPS,
    level=SHOULD,
    because="",
    fails_under={"proxy/udp-fragments-lost", *MTU},
)
def check_large_datagrams(door, db, far_client):
    """Datagrams of nearly an Ethernet frame, and of several, are answered by as large ones."""
    targets = door.targets(door.service(db, ports=DATAGRAMS))
    with control("the endpoint is sent them without the Service"):
        eventually(lambda: far_client.udp(db.pods[0].at(8080, Protocol.UDP), size=4000), answered)

    eventually(
        lambda: door.ask(*targets, times=5, size=1440) + door.ask(*targets, times=5, size=4000), answered_by(db.names)
    )


@behaviour_at(
    CLUSTER_IP(
        "cluster_ip_carries_long_connections",
        "Over one connection to a ClusterIP thousands of requests are answered by one endpoint.",
    ),
    NODE_PORT(
        "node_port_carries_long_connections",
        "Over one connection from outside to a node port thousands of requests are answered by one endpoint.",
    ),
    spec=VIRTUAL_IPS + "#ip-address-assignment-to-services",
    level=MUST,
    because=ALL_OF_IT,
    fails_under={"proxy/long-transfers-reset"},
)
def check_long_connection(door, echo):
    """Thousands of large exchanges over one connection are answered, all by the endpoint of the first."""
    target = door.target(door.service(echo))
    eventually(lambda: door.ask(target, times=5), answered)

    with door.asker.stream(target) as stream:
        (first,) = stream.exchange().backends
        seen = stream.exchange(times=EXCHANGES, size=8000, timeout=PATIENT)

    assert seen.all_answered
    assert seen.backends == {first}

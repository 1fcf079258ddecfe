"""Not one connection of many is lost."""

from svcproof import (
    MUST,
    PROXY,
    SHOULD,
    Capability,
    Protocol,
    answered,
    answered_by,
    answered_within,
    behaviours,
    both,
    consistently,
    control,
    eventually,
    resent_at_most,
)

from ..clauses import VIRTUAL_IPS

MANY = 500
LOST = 5
"""SYNs that a busy network may lose of MANY; a proxy that loses one in twenty stays below once in a million runs."""
PATIENT = 5.0
"""Seconds: enough for a busy machine, and for a SYN sent again."""
behaviour = behaviours(by=PROXY, level=MUST, spec=VIRTUAL_IPS + "#ip-address-assignment-to-services")


def resent(seen):
    """The number of probes that needed a segment sent again: the kernel hides a lost SYN, and only the clock tells."""
    return sum(probe.resent > 0 for probe in seen)


@behaviour(
    because=(
        "A client that connects to a Service's virtual IP has its traffic transported to an appropriate "
        "endpoint, whichever connection it is: one whose packets the proxy loses is not."
    ),
    fails_under={"proxy/some-connections-lost"},
)
def test_cluster_ip_answers_each_of_many_connections(echo, client):
    """Of several hundred connections from a pod to a ClusterIP, each is answered at the first attempt."""
    service = echo.service()
    with control("the network loses none without the Service"):
        assert resent(client.tcp(echo.pods[0].at(8080), times=MANY, timeout=PATIENT)) <= LOST, (
            "few connections need a segment sent again"
        )
    eventually(lambda: client.tcp(service.at_cluster_ip(), times=5), answered)

    seen = client.tcp(service.at_cluster_ip(), times=MANY, timeout=PATIENT)

    assert seen.all_answered
    assert resent(seen) <= LOST, "few connections need a segment sent again"


@behaviour(
    because=(
        "A client that connects to a Service's virtual IP has its traffic transported to an appropriate "
        "endpoint, all of it and not the first packets alone."
    ),
    fails_under={"proxy/service-port-used-as-target"},
)
def test_cluster_ip_carries_large_payloads(echo, client):
    """A request and an answer of 100 kB each pass through a ClusterIP, in many connections at once."""
    service = echo.service()
    with control("the endpoints carry them without the Service"):
        eventually(lambda: client.tcp(echo.pods[0].at(8080), times=5, size=100_000, timeout=PATIENT), answered)
    eventually(lambda: client.tcp(service.at_cluster_ip(), times=5), answered)

    seen = client.tcp(service.at_cluster_ip(), times=50, size=100_000, timeout=PATIENT)

    assert seen.all_answered


@behaviour(spec=VIRTUAL_IPS, level=SHOULD, requires={Capability.TWO_NODES}, fails_under={"proxy/udp-fragments-lost"})
def test_cluster_ip_carries_large_datagrams(db, far_client):
    """A datagram of 4 kB, which needs several packets, passes through a ClusterIP, and its answer too."""
    service = db.service(ports=[{"port": 80, "targetPort": 8080, "protocol": "UDP"}])
    with control("the endpoint is sent them without the Service"):
        eventually(lambda: far_client.udp(db.pods[0].at(8080, Protocol.UDP), size=4000), answered)

    eventually(lambda: far_client.udp(service.at_cluster_ip(), times=5, size=4000), answered_by(db.names))


@behaviour(
    because=(
        "A client that connects to a Service's virtual IP has its traffic transported to an appropriate "
        "endpoint, at whatever time it connects."
    ),
    fails_under={"proxy/connections-lost-in-bursts"},
)
def test_cluster_ip_answers_at_any_time(echo, client):
    """For several seconds on end new connections to a ClusterIP are answered, all but a few at the first attempt."""
    service = echo.service()
    eventually(lambda: client.tcp(service.at_cluster_ip(), times=5), answered)

    consistently(
        lambda: client.tcp(service.at_cluster_ip(), times=20, timeout=PATIENT),
        both(answered_within(echo.names), resent_at_most(LOST)),
        lasting=6.0,
    )

"""A ClusterIP behind which nothing is ready."""

from svcproof import (
    APART,
    MAY,
    MUST,
    PROXY,
    SHOULD,
    Capability,
    Expired,
    Judged,
    answered,
    answered_by,
    behaviours,
    control,
    eventually,
    silent,
)
from svcproof import refused as is_refused

from ..clauses import SERVICE_PROXY, VIRTUAL_IPS

TRIES = 20
"""One of two backends is missed in 20 tries once in a million runs."""
NOBODY = {"app": "nobody-has-this-label"}
behaviour = behaviours(by=PROXY, spec=SERVICE_PROXY + "#basic-service-handling")


@behaviour(
    because="Connections to a Service without a usable endpoint should be refused with an error, not dropped.",
    level=SHOULD,
    fails_under={"proxy/noep-syn-swallowed"},
)
def test_service_without_endpoints_refuses_tcp_at_once(echo, workbench, client, refusals_reach):
    """A TCP connection to a ClusterIP that has no endpoint is refused, not left to time out."""
    service = workbench.service(selector=NOBODY)
    refusals_reach(client, echo.pods[0].address)

    eventually(lambda: client.tcp(service.at_cluster_ip()), is_refused, apart=APART)


@behaviour(
    because="Connections to a Service without a usable endpoint should be refused with an error, not dropped.",
    level=SHOULD,
    requires={Capability.HOST_NETWORK},
    fails_under={"proxy/noep-syn-swallowed"},
)
def test_service_without_endpoints_refuses_connections_from_a_node(echo, workbench, hosts, refusals_reach):
    """A TCP connection from a node to a ClusterIP that has no endpoint is refused, not left to time out."""
    service = workbench.service(selector=NOBODY)
    refusals_reach(hosts[0], echo.pods[0].address)

    eventually(lambda: hosts[0].tcp(service.at_cluster_ip()), is_refused, apart=APART)


@behaviour(level=MAY, fails_under={"proxy/noep-syn-swallowed"})
def test_service_without_endpoints_answers_udp_with_an_error(echo, client, record, refusals_reach):
    """A datagram to a ClusterIP whose last endpoint has gone is refused (by an ICMP error) or dropped."""
    service = echo.service(ports=[{"port": 53, "targetPort": 5353, "protocol": "UDP"}])
    with control("the Service works while it has endpoints"):
        eventually(lambda: client.udp(service.at_cluster_ip()), answered)
    refusals_reach(client, echo.pods[0].address)

    service.patch(selector=NOBODY)
    seen = eventually(lambda: client.udp(service.at_cluster_ip()), silent, apart=APART)

    record("/".join(sorted(seen.outcomes)))


@behaviour(
    because="With the policy Cluster, which is the default, internal traffic goes to the ready endpoints.",
    otherwise="one that treats all endpoints as ready while none is; here another is ready.",
    spec=VIRTUAL_IPS + "#internal-traffic-policy",
    level=MUST,
    fails_under={"proxy/unready-endpoints-selected"},
)
def test_unready_endpoint_gets_no_traffic(workbench, client):
    """A pod that listens but is not ready gets no connection through the ClusterIP while another is ready."""
    pods = workbench.pods(count=2, readiness=True)
    service = pods.service()
    eventually(lambda: client.tcp(service.at_cluster_ip(), times=TRIES), answered_by(pods.names))

    unready, ready = pods.pods
    unready.vantage.ready(False)
    workbench.await_endpoints(service, 1)
    eventually(lambda: client.tcp(service.at_cluster_ip(), times=TRIES), answered_by({ready.name}))

    with control("the unready pod still listens"):
        eventually(lambda: client.tcp(unready.at(8080)), answered)


@behaviour(
    spec=SERVICE_PROXY + "#cluster-ips",
    level=MAY,
    requires={Capability.OUTSIDE_CLIENT, Capability.SERVICE_ROUTE},
    fails_under={"proxy/clusterip-closed-to-outside"},
)
def test_cluster_ip_asked_from_outside(echo, clients, sweep, outside, record):
    """A client outside the cluster that routes to a ClusterIP is answered, refused or dropped."""
    service = echo.service()
    with control("the Service works inside, on every node"):
        eventually(lambda: sweep(clients, [service.at_cluster_ip()]), answered)

    seen = outside.tcp(service.at_cluster_ip(), times=3)

    record("/".join(sorted(seen.outcomes)))


@behaviour(level=MAY, fails_under={"proxy/tcp-begun-without-endpoint-stuck"})
def test_connection_begun_before_the_first_endpoint(echo, workbench, client, record):
    """A TCP connection that began before a Service had any endpoint is refused, served once there is one, or stuck."""
    service = workbench.service(selector=NOBODY)
    target, later = service.at_cluster_ip(), echo.service()
    with control("the proxy has seen the Service: one that was made after it is served"):
        eventually(lambda: client.tcp(later.at_cluster_ip()), answered)

    with client.stream(target) as stream:
        first = stream.exchange(timeout=0.5)
        service.patch(selector=echo.labels)
        with control("new connections are answered"):
            eventually(lambda: client.tcp(target), answered)
        if "dropped" not in first.outcomes:
            return record("/".join(sorted(first.outcomes)))
        try:
            eventually(lambda: stream.exchange(timeout=2.0), answered, within=Judged.SOCKET_MOVED)
        except Expired:
            return record("stuck")
    return record("served later")

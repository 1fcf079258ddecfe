"""Open connections, while other Services come and go."""

from svcproof import (
    MUST,
    PROXY,
    Capability,
    Feature,
    Manner,
    answered,
    answered_by,
    behaviour,
    consistently,
    control,
    eventually,
)

from ..clauses import VIRTUAL_IPS


@behaviour(
    spec=VIRTUAL_IPS + "#ip-address-assignment-to-services",
    level=MUST,
    by=PROXY,
    fails_under={"proxy/changes-cut-open-tcp"},
    because=(
        "A client that connects to a Service's virtual IP has its traffic transported to an endpoint: all of the "
        "connection's, as long as that Service and the endpoint stay what they are."
    ),
)
def test_open_connection_outlives_changes_of_other_services(echo, client):
    """An open TCP connection goes on, with the same endpoint, when another Service is made and deleted."""
    service = echo.service()
    eventually(lambda: client.tcp(service.at_cluster_ip(), times=3), answered)

    with client.stream(service.at_cluster_ip()) as stream:
        (before,) = stream.exchange().backends
        with control("the proxy has come as far as the other Service"):
            other = echo.service()
            eventually(lambda: client.tcp(other.at_cluster_ip(), times=3), answered)
        other.delete()
        consistently(lambda: stream.exchange(), answered_by({before}), lasting=4.0)


@behaviour(
    spec=VIRTUAL_IPS + "#ip-address-assignment-to-services",
    level=MUST,
    by=PROXY,
    requires={Capability.OUTSIDE_CLIENT, Feature.NODE_PORT},
    fails_under={"proxy/idle-connections-forgotten"},
    because=(
        "A client that connects to a Service has its traffic transported to an endpoint: all of the connection's, "
        "also what is sent after some seconds of silence."
    ),
)
def test_open_connection_outlives_seconds_of_silence(echo, nodes, client, outside):
    """Open connections to a ClusterIP and to a node port are answered by their endpoint after seconds of silence."""
    service = echo.service(type="NodePort")
    inside, through_node = service.at_cluster_ip(), service.at_node(nodes[-1])
    eventually(lambda: client.tcp(inside, times=3) + outside.tcp(through_node, times=3), answered)

    with client.stream(inside) as near, outside.stream(through_node) as far:
        before = (near.exchange() + far.exchange()).backends
        with control("the Service goes on meanwhile"):
            consistently(lambda: client.tcp(inside), answered, lasting=6.0)
        seen = near.exchange() + far.exchange()

    assert seen.all_answered
    assert seen.backends == before


@behaviour(
    spec=VIRTUAL_IPS + "#external-traffic-policy",
    level=MUST,
    by=PROXY,
    requires={Capability.OUTSIDE_CLIENT, Feature.NODE_PORT},
    fails_under={"proxy/etp-local-long-connection-cut"},
    because="Traffic of a connection goes to an endpoint of the node, under policy Local too, for as long as it lasts.",
)
def test_open_connections_under_policy_local_go_on(echo, nodes, client, outside, traffic):
    """For a dozen seconds, open connections to a ClusterIP and to a node port with policy Local are not ended."""
    service = echo.service(type="NodePort", externalTrafficPolicy="Local")
    inside, at_node = service.at_cluster_ip(), service.at_node(nodes[0])
    eventually(lambda: client.tcp(inside, times=3) + outside.tcp(at_node, times=3), answered)

    with (
        traffic([inside], [client], [Manner.KEPT]) as near,
        traffic([at_node], [outside], [Manner.KEPT]) as far,
        control("the Service goes on meanwhile"),
    ):
        consistently(lambda: client.tcp(inside), answered, lasting=12.0)

    assert near.total.broken + far.total.broken == 0, "connections that were ended"

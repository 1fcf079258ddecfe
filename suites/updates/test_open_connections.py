"""Open connections, while other Services come and go."""

from svcproof import MUST, PROXY, answered, answered_by, behaviour, consistently, control, eventually

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

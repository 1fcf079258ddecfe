"""Open connections, while other Services come and go."""

from harness import MUST, PROXY, answered, answered_by, behaviour, consistently, eventually

from ..clauses import VIRTUAL_IPS


@behaviour(spec=VIRTUAL_IPS, level=MUST, by=PROXY, fails_under={"proxy/changes-cut-open-tcp"})
def test_open_connection_outlives_changes_of_other_services(echo, client):
    """An open TCP connection goes on, with the same endpoint, when another Service is made and deleted."""
    service = echo.service()
    eventually(lambda: client.tcp(service.at_cluster_ip(), times=3), answered)

    with client.stream(service.at_cluster_ip()) as stream:
        (before,) = stream.exchange().backends
        other = echo.service()
        eventually(lambda: client.tcp(other.at_cluster_ip(), times=3), answered)
        other.delete()
        seen = consistently(lambda: stream.exchange(), answered_by({before}), lasting=4.0)

    assert seen.backends == {before}

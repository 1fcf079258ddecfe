"""A Service without a usable endpoint."""

from harness import PROXY, SHOULD, Outcome, behaviour, eventually, refused

NOBODY = {"app": "nobody-has-this-label"}


@behaviour(
    spec="https://kubernetes.io/docs/reference/networking/virtual-ips/",
    level=SHOULD,
    by=PROXY,
    fails_under={"proxy/noep-syn-swallowed"},
)
def test_service_without_endpoints_refuses_tcp_at_once(workbench, client):
    """A TCP connection to a ClusterIP that has no endpoint is refused, not left to time out."""
    service = workbench.service(selector=NOBODY)

    seen = eventually(lambda: client.tcp(service.at_cluster_ip(), times=3), refused)

    assert seen.outcomes == {Outcome.REFUSED}

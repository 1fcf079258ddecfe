"""An external IP that this cluster has no use for."""

from svcproof import MUST, PROXY, Capability, Feature, answered_within, behaviour, eventually

from ..clauses import SERVICE
from ..families import family


@behaviour(
    spec=SERVICE + "#external-ips",
    level=MUST,
    by=PROXY,
    requires={Capability.EXTERNAL_ADDRESSES, Capability.OUTSIDE_CLIENT, Feature.EXTERNAL_IPS},
    fails_under={"proxy/wrong-family-ip-wedges-proxy"},
    because="Traffic that comes in for an externalIP of the Service is routed to an endpoint, whatever else is listed.",
    kep=563,
    since="1.23",
)
def test_external_ip_of_another_family_hinders_nothing(echo, client, outside, external_address):
    """An externalIP of a family that the Service has not leaves its other addresses, and other Services, served."""
    address = external_address()
    other = "2001:db8::7" if family(address) == "IPv4" else "198.51.100.7"
    service = echo.service(ipFamilyPolicy="SingleStack", ipFamilies=[family(address)], externalIPs=[other, address])
    later = echo.service()

    within = [service.at_cluster_ip(), later.at_cluster_ip()]
    eventually(lambda: client.probe(within, times=2), answered_within(echo.names))
    eventually(lambda: outside.tcp(service.at_address(address), times=2), answered_within(echo.names))

"""A Service at its externalIPs, asked from outside: the clause is about traffic that comes into the cluster."""

from svcproof import MUST, PROXY, Capability, Feature, answered_within, behaviours, eventually

from ..clauses import SERVICE

EXTERNAL_IPS = SERVICE + "#external-ips"
behaviour = behaviours(
    by=PROXY,
    level=MUST,
    spec=EXTERNAL_IPS,
    requires={Capability.EXTERNAL_ADDRESSES, Feature.EXTERNAL_IPS},
    kep=5707,
)


@behaviour(
    because="externalIPs is a list, and traffic for any address in it is routed to an endpoint.",
    requires={Capability.OUTSIDE_CLIENT},
    fails_under={"proxy/external-ips-ignored"},
)
def test_every_external_ip_of_a_service_is_served(echo, outside, external_address):
    """A Service with several externalIPs is reached at each of them."""
    addresses = [external_address(), external_address()]
    service = echo.service(externalIPs=addresses)

    targets = [service.at_address(address) for address in addresses]
    eventually(lambda: outside.probe(targets, times=3), answered_within(echo.names))


@behaviour(
    because="externalIPs can be given to a Service of any type.",
    requires={Capability.OUTSIDE_CLIENT, Feature.NODE_PORT},
    fails_under={"proxy/external-ips-ignored"},
)
def test_external_ip_of_a_node_port_service_is_served(echo, outside, external_address):
    """A Service of type NodePort is reached at its externalIPs, at its port."""
    address = external_address()
    service = echo.service(type="NodePort", externalIPs=[address])

    eventually(lambda: outside.tcp(service.at_address(address), times=3), answered_within(echo.names))

"""A Service at its externalIPs, asked from outside: the clause is about traffic that comes into the cluster."""

from svcproof import MAY, MUST, PROXY, SHOULD, Capability, Feature, answered, answered_by, behaviours, eventually

from ..clauses import EVENLY, SERVICE, SERVICE_API, SERVICE_PROXY, TOLD_OTHERWISE, VIRTUAL_IPS

EXTERNAL_IPS = SERVICE + "#external-ips"
WITHIN_THE_CLUSTER = SERVICE_PROXY + "#external-ips"
ALLOWED = "SIG Network's notes for proxies let pods and nodes connect to a Service by its externalIPs."
TAKEOVER = "A proxy that serves them to nobody within the cluster, so that no Service can take over an address there."
TO_AN_ENDPOINT = "Traffic that comes into the cluster for an externalIP and port of a Service is routed to an endpoint."
behaviour = behaviours(
    by=PROXY, level=MUST, spec=EXTERNAL_IPS, requires={Capability.EXTERNAL_ADDRESSES, Feature.EXTERNAL_IPS}
)


@behaviour(
    because=ALLOWED,
    otherwise=TAKEOVER,
    spec=WITHIN_THE_CLUSTER,
    level=SHOULD,
    fails_under={"proxy/external-ips-ignored"},
)
def test_external_ip_reaches_a_backend_from_pods_on_every_node(echo, clients, sweep, external_address):
    """A pod that connects to a Service's externalIP and port is answered by one of its endpoints."""
    address = external_address()
    service = echo.service(externalIPs=[address])

    seen = eventually(lambda: sweep(clients, [service.at_address(address)], times=3), answered)

    assert seen.backends <= echo.names


@behaviour(
    because=ALLOWED,
    otherwise=TAKEOVER,
    spec=WITHIN_THE_CLUSTER,
    level=SHOULD,
    requires={Capability.HOST_NETWORK},
    fails_under={"proxy/external-ips-ignored"},
)
def test_external_ip_reaches_a_backend_from_every_node(echo, hosts, sweep, external_address):
    """A process in a node's host network reaches a Service at its externalIP."""
    address = external_address()
    service = echo.service(externalIPs=[address])

    seen = eventually(lambda: sweep(hosts, [service.at_address(address)], times=6), answered)

    assert seen.backends <= echo.names


@behaviour(because=TO_AN_ENDPOINT, requires={Capability.OUTSIDE_CLIENT}, fails_under={"proxy/external-ips-ignored"})
def test_external_ip_reaches_a_backend_from_outside(echo, outside, external_address):
    """Traffic from outside that enters the cluster with the externalIP as its destination reaches an endpoint."""
    address = external_address()
    service = echo.service(externalIPs=[address])

    seen = eventually(lambda: outside.tcp(service.at_address(address), times=6), answered)

    assert seen.backends <= echo.names


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
    seen = eventually(lambda: outside.probe(targets, times=3), answered)

    assert {one.target.address for one in seen} == set(addresses)


@behaviour(
    because="externalIPs can be given to a Service of any type.",
    requires={Capability.OUTSIDE_CLIENT, Feature.NODE_PORT},
    fails_under={"proxy/external-ips-ignored"},
)
def test_external_ip_of_a_node_port_service_is_served(echo, outside, external_address):
    """A Service of type NodePort is reached at its externalIPs, at its port."""
    address = external_address()
    service = echo.service(type="NodePort", externalIPs=[address])

    seen = eventually(lambda: outside.tcp(service.at_address(address), times=3), answered)

    assert seen.backends <= echo.names


@behaviour(
    because="Traffic for an externalIP and a port of the Service is routed to an endpoint, whatever its protocol.",
    requires={Capability.OUTSIDE_CLIENT},
    fails_under={"proxy/external-ips-ignored"},
)
def test_external_ip_serves_udp(echo, outside, external_address):
    """A datagram to a UDP Service's externalIP is answered from that address."""
    address = external_address()
    service = echo.service(externalIPs=[address], ports=[{"port": 53, "targetPort": 5353, "protocol": "UDP"}])

    seen = eventually(lambda: outside.udp(service.at_address(address), times=3), answered)

    assert seen.ports == {5353}


@behaviour(
    because=EVENLY,
    otherwise=TOLD_OTHERWISE,
    spec=SERVICE_API + "#ServiceSpec",
    requires={Capability.OUTSIDE_CLIENT},
    fails_under={"proxy/externalip-first-endpoint-only"},
)
def test_external_ip_spreads_connections_over_all_endpoints(echo, outside, external_address):
    """New connections to an externalIP reach, in time, every ready endpoint."""
    address = external_address()
    service = echo.service(externalIPs=[address])

    seen = eventually(lambda: outside.tcp(service.at_address(address), times=40), answered_by(echo.names))

    assert seen.backends == echo.names


@behaviour(
    spec=VIRTUAL_IPS, level=MAY, requires={Capability.OUTSIDE_CLIENT}, fails_under={"proxy/etp-cluster-source-kept"}
)
def test_source_address_at_an_external_ip_with_cluster_policy(db, outside, external_address, record):
    """Whether an endpoint sees a client outside, or a node, when it is reached at an externalIP."""
    address = external_address()
    service = db.service(externalIPs=[address])

    seen = eventually(lambda: outside.tcp(service.at_address(address), times=5), answered)

    record("the client" if seen.sources == {outside.address} else "a node")

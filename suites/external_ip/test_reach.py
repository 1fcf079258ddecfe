"""Who reaches a Service at one of its externalIPs."""

from harness import (
    APART,
    MAY,
    MUST,
    PROXY,
    SHOULD,
    Capability,
    Feature,
    Outcome,
    answered,
    answered_by,
    behaviour,
    control,
    eventually,
    refused,
    silent,
)

from ..clauses import SERVICE, VIRTUAL_IPS

EXTERNAL_IPS = SERVICE + "#external-ips"
NEEDS = {Capability.EXTERNAL_ADDRESSES, Feature.EXTERNAL_IPS}
NOBODY = {"app": "nobody-has-this-label"}


@behaviour(spec=EXTERNAL_IPS, level=MUST, by=PROXY, requires=NEEDS, fails_under={"proxy/external-ips-ignored"})
def test_external_ip_reaches_a_backend_from_pods_on_every_node(echo, clients, sweep, external_address):
    """A pod that connects to a Service's externalIP and port is answered by one of its endpoints."""
    address = external_address()
    service = echo.service(externalIPs=[address])

    seen = eventually(lambda: sweep(clients, [service.at_address(address)], times=3), answered)

    assert seen.backends <= echo.names


@behaviour(
    spec=EXTERNAL_IPS,
    level=MUST,
    by=PROXY,
    requires=NEEDS | {Capability.HOST_NETWORK},
    fails_under={"proxy/external-ips-ignored"},
)
def test_external_ip_reaches_a_backend_from_every_node(echo, hosts, sweep, external_address):
    """A process in a node's host network reaches a Service at its externalIP."""
    address = external_address()
    service = echo.service(externalIPs=[address])

    seen = eventually(lambda: sweep(hosts, [service.at_address(address)], times=6), answered)

    assert seen.backends <= echo.names


@behaviour(
    spec=EXTERNAL_IPS,
    level=MUST,
    by=PROXY,
    requires=NEEDS | {Capability.OUTSIDE_CLIENT},
    fails_under={"proxy/external-ips-ignored"},
)
def test_external_ip_reaches_a_backend_from_outside(echo, outside, external_address):
    """Traffic from outside that enters the cluster with the externalIP as its destination reaches an endpoint."""
    address = external_address()
    service = echo.service(externalIPs=[address])

    seen = eventually(lambda: outside.tcp(service.at_address(address), times=6), answered)

    assert seen.backends <= echo.names


@behaviour(spec=EXTERNAL_IPS, level=MUST, by=PROXY, requires=NEEDS, fails_under={"proxy/external-ips-ignored"})
def test_every_external_ip_of_a_service_is_served(echo, client, external_address):
    """A Service with several externalIPs is reached at each of them."""
    addresses = [external_address(), external_address()]
    service = echo.service(externalIPs=addresses)

    targets = [service.at_address(address) for address in addresses]
    seen = eventually(lambda: client.probe(targets, times=3), answered)

    assert {one.target.address for one in seen} == set(addresses)


@behaviour(
    spec=EXTERNAL_IPS,
    level=MUST,
    by=PROXY,
    requires=NEEDS | {Feature.NODE_PORT},
    fails_under={"proxy/external-ips-ignored"},
)
def test_external_ip_of_a_node_port_service_is_served(echo, client, external_address):
    """A Service of type NodePort is reached at its externalIPs, at its port."""
    address = external_address()
    service = echo.service(type="NodePort", externalIPs=[address])

    seen = eventually(lambda: client.tcp(service.at_address(address), times=3), answered)

    assert seen.backends <= echo.names


@behaviour(spec=EXTERNAL_IPS, level=MUST, by=PROXY, requires=NEEDS, fails_under={"proxy/external-ips-ignored"})
def test_external_ip_serves_udp(echo, client, external_address):
    """A datagram to a UDP Service's externalIP is answered from that address."""
    address = external_address()
    service = echo.service(externalIPs=[address], ports=[{"port": 53, "targetPort": 5353, "protocol": "UDP"}])

    seen = eventually(lambda: client.udp(service.at_address(address), times=3), answered)

    assert seen.ports == {5353}


@behaviour(spec=VIRTUAL_IPS, level=SHOULD, by=PROXY, requires=NEEDS, fails_under={"proxy/noep-syn-swallowed"})
def test_external_ip_without_endpoints_refuses_at_once(echo, client, silent_external_address, refusals_reach):
    """A connection to an externalIP whose Service has no endpoint left is refused, not left to time out."""
    address = silent_external_address()
    service = echo.service(externalIPs=[address])
    eventually(lambda: client.tcp(service.at_address(address)), answered)
    refusals_reach(client, echo.pods[0].address)

    service.patch(selector=NOBODY)
    seen = eventually(lambda: client.tcp(service.at_address(address)), refused, apart=APART)

    assert seen.outcomes == {Outcome.REFUSED}


@behaviour(
    spec=EXTERNAL_IPS, level=MUST, by=PROXY, requires=NEEDS, fails_under={"proxy/externalip-without-endpoints-panics"}
)
def test_external_ip_without_endpoints_leaves_other_services_alone(echo, workbench, client, external_address):
    """A Service with an externalIP and no endpoint keeps no later Service from being served."""
    workbench.service(selector=NOBODY, externalIPs=[external_address()])
    later = echo.service()

    seen = eventually(lambda: client.tcp(later.at_cluster_ip(), times=3), answered)

    assert seen.backends <= echo.names


@behaviour(
    spec=EXTERNAL_IPS, level=MUST, by=PROXY, requires=NEEDS, fails_under={"proxy/externalip-removed-still-served"}
)
def test_external_ip_taken_away_is_no_longer_served(echo, client, external_address):
    """An address removed from externalIPs stops leading to the Service; one that stays goes on."""
    stays, goes = external_address(), external_address()
    service = echo.service(externalIPs=[stays, goes])
    eventually(lambda: client.probe([service.at_address(stays), service.at_address(goes)]), answered)

    service.patch(externalIPs=[stays])
    seen = eventually(lambda: client.tcp(service.at_address(goes), times=3), silent)

    assert seen.none_answered
    assert client.tcp(service.at_address(stays), times=3).all_answered


@behaviour(spec=EXTERNAL_IPS, level=MUST, by=PROXY, requires=NEEDS, fails_under={"proxy/shared-vip-unbound-on-delete"})
def test_external_ip_shared_by_two_services_survives_one(echo, client, external_address):
    """Of two Services with one externalIP and different ports, one goes on when the other is deleted."""
    address = external_address()
    first = echo.service(externalIPs=[address], ports=[{"port": 80, "targetPort": 8080}])
    second = echo.service(externalIPs=[address], ports=[{"port": 81, "targetPort": 8081}])
    both = [first.at_address(address), second.at_address(address)]
    eventually(lambda: client.probe(both, times=2), answered)

    first.delete()
    eventually(lambda: client.tcp(both[0]), silent)
    seen = client.tcp(both[1], times=5)

    assert seen.all_answered


@behaviour(
    spec=EXTERNAL_IPS,
    level=MUST,
    by=PROXY,
    requires=NEEDS | {Capability.HOST_NETWORK, Capability.TWO_NODES},
    fails_under={"proxy/externalip-hijacks-node-address"},
    alone=True,
)
def test_external_ip_equal_to_a_node_address_leaves_its_other_ports_alone(echo, workbench, nodes, hosts, host_port):
    """Where an externalIP is a node's own address, ports the Service does not name still lead to that node."""
    theirs, ours = host_port(), host_port()
    other = workbench.pods(node=nodes[-1].name, host_network=True, tcp=(theirs,), udp=(), http=())
    with control("the node's own port answers before"):
        eventually(lambda: hosts[0].tcp(other.pods[0].at(theirs)), answered)
    service = echo.service(externalIPs=[nodes[-1].addresses[0]], ports=[{"port": ours, "targetPort": 8080}])
    eventually(lambda: hosts[0].tcp(service.at_address(nodes[-1].addresses[0])), answered)

    seen = eventually(lambda: hosts[0].tcp(other.pods[0].at(theirs), times=3), answered)

    assert seen.backends == other.names


@behaviour(
    spec=VIRTUAL_IPS,
    level=MAY,
    by=PROXY,
    requires=NEEDS | {Capability.OUTSIDE_CLIENT},
    fails_under={"proxy/etp-cluster-source-kept"},
)
def test_source_address_at_an_external_ip_with_cluster_policy(db, outside, external_address, record):
    """Whether an endpoint sees a client outside, or a node, when it is reached at an externalIP."""
    address = external_address()
    service = db.service(externalIPs=[address])

    seen = eventually(lambda: outside.tcp(service.at_address(address), times=5), answered)

    record("the client" if seen.sources == {outside.address} else "a node")


@behaviour(
    spec=EXTERNAL_IPS, level=MUST, by=PROXY, requires=NEEDS, fails_under={"proxy/externalip-first-endpoint-only"}
)
def test_external_ip_spreads_connections_over_all_endpoints(echo, client, external_address):
    """New connections to an externalIP reach, in time, every ready endpoint."""
    address = external_address()
    service = echo.service(externalIPs=[address])

    seen = eventually(lambda: client.tcp(service.at_address(address), times=40), answered_by(echo.names))

    assert seen.backends == echo.names

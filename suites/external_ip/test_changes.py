"""External IPs that come to nothing: without endpoints, taken away, shared, or somebody else's."""

from svcproof import (
    MUST,
    PROXY,
    Capability,
    Feature,
    answered,
    answered_by,
    answered_within,
    behaviours,
    consistently,
    control,
    eventually,
    silent,
)

from ..clauses import KEP, SERVICE, VIRTUAL_IPS

EXTERNAL_IPS = SERVICE + "#external-ips"
NOBODY = {"app": "nobody-has-this-label"}
behaviour = behaviours(by=PROXY, level=MUST, spec=VIRTUAL_IPS, kep=5707)


@behaviour(
    because="The rules of each node are kept in step with all Services, whatever becomes of one of them.",
    requires={Capability.EXTERNAL_ADDRESSES, Feature.EXTERNAL_IPS},
    fails_under={"proxy/externalip-without-endpoints-panics"},
)
def test_external_ip_without_endpoints_leaves_other_services_alone(echo, workbench, client, external_address):
    """A Service with an externalIP and no endpoint keeps no later Service from being served."""
    workbench.service(selector=NOBODY, externalIPs=[external_address()])
    later = echo.service()

    eventually(lambda: client.tcp(later.at_cluster_ip(), times=3), answered_within(echo.names))


@behaviour(
    because="The rules of each node are kept in step with what the API server says of a Service.",
    requires={Capability.EXTERNAL_ADDRESSES, Capability.OUTSIDE_CLIENT, Feature.EXTERNAL_IPS},
    fails_under={
        "proxy/second-external-ip-ignored",
        "proxy/external-ip-port-given-up-still-served",
        "proxy/externalip-removed-still-served",
    },
)
def test_external_ip_taken_away_is_no_longer_served(echo, outside, external_address):
    """An address removed from externalIPs stops leading to the Service; one that stays goes on."""
    stays, goes = external_address(), external_address()
    service = echo.service(externalIPs=[stays, goes])
    eventually(lambda: outside.probe([service.at_address(stays), service.at_address(goes)]), answered)

    service.patch(externalIPs=[stays])
    eventually(lambda: outside.tcp(service.at_address(goes), times=3), silent)

    seen = outside.tcp(service.at_address(stays), times=3)
    assert seen.all_answered


@behaviour(
    because="An externalIP together with a port leads to the Service that has both, so Services may share an address.",
    spec=EXTERNAL_IPS,
    requires={Capability.EXTERNAL_ADDRESSES, Capability.OUTSIDE_CLIENT, Feature.EXTERNAL_IPS},
    fails_under={"proxy/shared-address-one-service-only", "proxy/shared-vip-unbound-on-delete"},
)
def test_external_ip_shared_by_two_services_survives_one(echo, outside, external_address):
    """Of two Services with one externalIP and different ports, one goes on when the other is deleted."""
    address = external_address()
    first = echo.service(externalIPs=[address], ports=[{"port": 80, "targetPort": 8080}])
    second = echo.service(externalIPs=[address], ports=[{"port": 81, "targetPort": 8081}])
    both = [first.at_address(address), second.at_address(address)]
    eventually(lambda: outside.probe(both, times=2), answered)

    first.delete()
    eventually(lambda: outside.tcp(both[0]), silent)
    seen = outside.tcp(both[1], times=5)

    assert seen.all_answered


@behaviour(
    because="Only traffic whose port is one of the Service's is routed to its endpoints.",
    spec=EXTERNAL_IPS,
    requires={Capability.HOST_NETWORK, Capability.TWO_NODES, Feature.EXTERNAL_IPS},
    fails_under={"proxy/externalip-hijacks-node-address"},
    alone=True,
)
def test_external_ip_equal_to_a_node_address_leaves_its_other_ports_alone(echo, workbench, nodes, hosts, host_port):
    """Ports that the Service does not name still lead to a node whose own address is an externalIP."""
    theirs, ours = host_port(), host_port()
    other = workbench.pods(node=nodes[-1].name, host_network=True, tcp=(theirs,), udp=(), http=())
    with control("the node's own port answers before"):
        eventually(lambda: hosts[0].tcp(other.pods[0].at(theirs)), answered)
    echo.service(externalIPs=[nodes[-1].addresses[0]], ports=[{"port": ours, "targetPort": 8080}])
    with control("the proxy has come as far as a Service made later"):
        later = echo.service()
        eventually(lambda: hosts[0].tcp(later.at_cluster_ip(), times=3), answered)

    eventually(lambda: hosts[0].tcp(other.pods[0].at(theirs), times=3), answered_by(other.names))


@behaviour(
    because="A proxy whose support of externalIPs is switched off makes no rules for them.",
    spec=KEP + "/5707-deprecate-service-externalips",
    requires={
        Capability.EXTERNAL_ADDRESSES,
        Capability.HOST_NETWORK,
        Capability.OUTSIDE_CLIENT,
        Feature.EXTERNAL_IPS_OFF,
    },
    fails_under={"switch/external-ips-served"},
)
def test_external_ips_that_are_switched_off_lead_nowhere(echo, clients, hosts, outside, sweep, external_address):
    """A proxy told not to serve externalIPs leads nobody at one to an endpoint: no pod, node or client outside."""
    address = external_address()
    service = echo.service(externalIPs=[address])
    everyone_within = [*clients, *hosts]
    with control("the proxy has come as far as a Service made later, on every node"):
        targets = [service.at_cluster_ip(), echo.service().at_cluster_ip()]
        eventually(lambda: sweep(everyone_within, targets, times=3), answered)

    everyone = [*everyone_within, outside]
    consistently(lambda: sweep(everyone, [service.at_address(address)], times=3, timeout=0.5), silent)

"""Addresses in status.loadBalancer, whoever wrote them."""

from svcproof import (
    MUST,
    PROXY,
    SHOULD,
    Capability,
    Feature,
    answered,
    answered_within,
    behaviours,
    control,
    eventually,
    silent,
)

from ..clauses import SERVICE, SERVICE_API
from ..families import alone
from .sharing import BY_HAND

IP_MODE = SERVICE + "#load-balancer-ip-mode"
STATUS = SERVICE_API + "#ServiceStatus"
ARRIVES = (
    "An address of mode VIP in the status means that traffic arrives at nodes with that address as its destination."
)
behaviour = behaviours(
    by=PROXY, level=MUST, spec=IP_MODE, requires={Capability.EXTERNAL_ADDRESSES, Feature.LOAD_BALANCER}
)


@behaviour(because=ARRIVES, requires={Capability.OUTSIDE_CLIENT}, fails_under={"proxy/load-balancer-ips-ignored"})
def test_every_address_in_the_status_is_served(echo, outside, external_address):
    """A client outside reaches a Service of any loadBalancerClass at each of the addresses in its status."""
    addresses = [external_address(), external_address()]
    service = echo.service(**BY_HAND)

    service.assign(*addresses)
    targets = [service.at_address(address) for address in addresses]
    eventually(lambda: outside.probe(targets, times=3), answered_within(echo.names))


@behaviour(
    because="Clients that the ranges name are let through the load balancer, at whichever of its addresses.",
    spec=SERVICE_API + "#ServiceSpec",
    requires={Capability.OUTSIDE_CLIENT, Feature.LOAD_BALANCER_SOURCE_RANGES},
    fails_under={"proxy/lbsr-second-vip-dropped"},
)
def test_source_ranges_admit_to_every_address_in_the_status(echo, outside, external_address):
    """A client outside that is inside a Service's source ranges reaches it at each of the addresses in its status."""
    addresses = [external_address(), external_address()]
    service = echo.service(**BY_HAND, loadBalancerSourceRanges=[alone(outside.address)])

    service.assign(*addresses)
    targets = [service.at_address(address) for address in addresses]
    eventually(lambda: outside.probe(targets, times=3), answered_within(echo.names))


@behaviour(
    because="The status names the addresses of the load balancer; one that it no longer names is nobody's.",
    spec=STATUS,
    requires={Capability.OUTSIDE_CLIENT},
    fails_under={"proxy/lb-vip-survives-type-change"},
)
def test_address_taken_out_of_the_status_is_not_served(echo, client, outside, external_address):
    """An address that is no longer in a Service's status leads nowhere any more; its ClusterIP goes on."""
    service = echo.service(**BY_HAND)
    target = service.at_address(external_address())
    service.assign(target.address)
    eventually(lambda: outside.tcp(target), answered)

    service.assign()
    eventually(lambda: outside.tcp(target, times=3, timeout=0.5), silent)
    seen = client.tcp(service.at_cluster_ip(), times=3)

    assert seen.all_answered


@behaviour(
    because="With mode Proxy it is the load balancer that hands traffic on, and a proxy may use this knowledge.",
    otherwise="A proxy that takes every address in a status for one of mode VIP, as all did before Kubernetes 1.29.",
    level=SHOULD,
    fails_under={"proxy/lb-vip-survives-type-change"},
    kep=1860,
    since="1.32",
)
def test_address_of_ip_mode_proxy_is_left_to_the_load_balancer(echo, client, external_address):
    """Pods that ask an address with ipMode Proxy in a Service's status do not get to an endpoint directly."""
    service = echo.service(**BY_HAND)
    target = service.at_address(external_address())
    service.assign(target.address)
    with control("with ipMode VIP pods get to an endpoint"):
        eventually(lambda: client.tcp(target), answered)

    service.assign(target.address, mode="Proxy")
    eventually(lambda: client.tcp(target, times=3, timeout=0.5), silent)


@behaviour(
    because="A load balancer serves the ports that the Service defines, and these may change.",
    spec=SERVICE + "#loadbalancer",
    requires={Capability.OUTSIDE_CLIENT},
    fails_under={"proxy/removed-service-port-still-open", "proxy/load-balancer-port-given-up-still-served"},
)
def test_load_balancer_address_follows_the_ports_of_the_service(echo, outside, external_address):
    """When a Service's port changes, the new one is served at its load balancer address and the old one no longer."""
    service = echo.service(**BY_HAND)
    old = service.at_address(external_address())
    service.assign(old.address)
    eventually(lambda: outside.tcp(old), answered)

    service.patch(ports=[{"port": 81, "targetPort": 8081}])
    new = service.at_address(old.address)
    eventually(lambda: outside.tcp(old, timeout=0.5), silent)
    seen = eventually(lambda: outside.tcp(new, times=3), answered)

    assert seen.ports == {8081}


@behaviour(
    because="A load balancer is known by its address or by a name, and what has no address still has a ClusterIP.",
    spec=SERVICE_API + "#ServiceStatus",
    fails_under={"proxy/host-name-of-load-balancer-wedges-proxy"},
)
def test_load_balancer_that_is_known_by_a_name_leaves_services_alone(echo, workbench, client):
    """A Service whose load balancer is known by a name is served at its ClusterIP, and so is a later Service."""
    service = echo.service(**BY_HAND)
    status = {"loadBalancer": {"ingress": [{"hostname": "load-balancer.example.com"}]}}
    workbench.kube.patch("Service", service.name, service.namespace, {"status": status}, status=True)
    later = echo.service()

    targets = [service.at_cluster_ip(), later.at_cluster_ip()]
    eventually(lambda: client.probe(targets, times=3), answered_within(echo.names))

"""What a proxy makes of the addresses in status.loadBalancer, whoever wrote them."""

from harness import MUST, PROXY, SHOULD, Capability, Feature, answered, behaviour, eventually, silent

from ..clauses import SERVICE, SERVICE_API
from ..families import alone

IP_MODE = SERVICE + "#load-balancer-ip-mode"
NEEDS: set[Capability | Feature] = {Capability.EXTERNAL_ADDRESSES, Feature.LOAD_BALANCER}
BY_HAND = {"type": "LoadBalancer", "loadBalancerClass": "example.com/by-hand"}


@behaviour(
    spec=SERVICE_API + "#ServiceStatus",
    level=MUST,
    by=PROXY,
    requires=NEEDS,
    fails_under={"proxy/load-balancer-ips-ignored"},
)
def test_every_address_in_the_status_is_served(echo, client, external_address):
    """A pod reaches a Service of any loadBalancerClass at each of the addresses in its status."""
    addresses = [external_address(), external_address()]
    service = echo.service(**BY_HAND)

    service.assign(*addresses)
    targets = [service.at_address(address) for address in addresses]
    seen = eventually(lambda: client.probe(targets, times=3), answered)

    assert {one.target.address for one in seen} == set(addresses)


@behaviour(
    spec=SERVICE_API + "#ServiceSpec",
    level=MUST,
    by=PROXY,
    requires=NEEDS | {Feature.LOAD_BALANCER_SOURCE_RANGES},
    fails_under={"proxy/lbsr-second-vip-dropped"},
)
def test_source_ranges_admit_to_every_address_in_the_status(echo, client, external_address):
    """A pod inside a Service's source ranges reaches it at each of the addresses in its status."""
    addresses = [external_address(), external_address()]
    service = echo.service(**BY_HAND, loadBalancerSourceRanges=[alone(client.address)])

    service.assign(*addresses)
    targets = [service.at_address(address) for address in addresses]
    seen = eventually(lambda: client.probe(targets, times=3), answered)

    assert {one.target.address for one in seen} == set(addresses)


@behaviour(
    spec=SERVICE_API + "#ServiceStatus",
    level=MUST,
    by=PROXY,
    requires=NEEDS,
    fails_under={"proxy/lb-vip-survives-type-change"},
)
def test_address_taken_out_of_the_status_is_not_served(echo, client, external_address):
    """An address that is no longer in a Service's status leads nowhere any more; its ClusterIP goes on."""
    service = echo.service(**BY_HAND)
    target = service.at_address(external_address())
    service.assign(target.address)
    eventually(lambda: client.tcp(target), answered)

    service.assign()
    eventually(lambda: client.tcp(target, times=3, timeout=0.5), silent)
    seen = client.tcp(service.at_cluster_ip(), times=3)

    assert seen.all_answered


@behaviour(spec=IP_MODE, level=SHOULD, by=PROXY, requires=NEEDS, fails_under={"proxy/lb-vip-survives-type-change"})
def test_address_of_ip_mode_proxy_is_left_to_the_load_balancer(echo, client, external_address):
    """Where an address in a Service's status has ipMode Proxy, pods that ask it do not get to an endpoint directly."""
    service = echo.service(**BY_HAND)
    target = service.at_address(external_address())
    service.assign(target.address)
    eventually(lambda: client.tcp(target), answered)

    service.assign(target.address, mode="Proxy")
    seen = eventually(lambda: client.tcp(target, times=3, timeout=0.5), silent)

    assert seen.none_answered


@behaviour(
    spec=SERVICE + "#loadbalancer",
    level=MUST,
    by=PROXY,
    requires=NEEDS,
    fails_under={"proxy/removed-service-port-still-open"},
)
def test_load_balancer_address_follows_the_ports_of_the_service(echo, client, external_address):
    """When a Service's port changes, the new one is served at its load balancer address and the old one no longer."""
    service = echo.service(**BY_HAND)
    old = service.at_address(external_address())
    service.assign(old.address)
    eventually(lambda: client.tcp(old), answered)

    service.patch(ports=[{"port": 81, "targetPort": 8081}])
    new = service.at_address(old.address)
    eventually(lambda: client.tcp(old, timeout=0.5), silent)
    seen = eventually(lambda: client.tcp(new, times=3), answered)

    assert seen.ports == {8081}

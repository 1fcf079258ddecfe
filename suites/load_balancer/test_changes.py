"""Load balancer addresses that Services share, give up, or get again.

Checks of an address that is served no longer run alone: another Service could be given it meanwhile.
"""

from harness import MUST, PROXY, Capability, Feature, answered, answered_within, behaviour, control, eventually, silent

from ..clauses import METALLB, SERVICE, VIRTUAL_IPS
from .sharing import SHARED

LOAD_BALANCER_TYPE = SERVICE + "#loadbalancer"
NEEDS: set[Capability | Feature] = {Capability.LOAD_BALANCER, Feature.LOAD_BALANCER}


@behaviour(
    spec=METALLB + "#ip-address-sharing",
    level=MUST,
    by=PROXY,
    requires=NEEDS | {Capability.METALLB},
    fails_under={"proxy/shared-vip-unbound-on-delete"},
)
def test_load_balancer_address_shared_by_two_services_survives_one(echo, client):
    """Of two Services with one load balancer address and different ports, one goes on when the other is deleted."""
    first = echo.service(type="LoadBalancer", metadata=SHARED)
    here = first.at_load_balancer()
    ports = [{"port": 81, "targetPort": 8081}]
    second = echo.service(type="LoadBalancer", metadata=SHARED, loadBalancerIP=here.address, ports=ports)
    with control("they share it"):
        eventually(lambda: second.assigned, lambda found: found == (here.address,), within=15.0)
    there = second.at_load_balancer()
    both = eventually(lambda: client.probe([here, there], times=2), answered)
    assert {(one.target.port, one.answer.port) for one in both} == {(80, 8080), (81, 8081)}

    first.delete()
    eventually(lambda: client.tcp(here, timeout=0.5), silent)
    seen = client.tcp(there, times=3)

    assert seen.all_answered


@behaviour(
    spec=LOAD_BALANCER_TYPE,
    level=MUST,
    by=PROXY,
    requires=NEEDS,
    fails_under={"proxy/lb-vip-survives-service-delete"},
    alone=True,
)
def test_load_balancer_address_of_a_deleted_service_is_not_served(echo, clients, sweep):
    """When a Service is deleted, its load balancer address leads nowhere any more, on any node."""
    service = echo.service(type="LoadBalancer")
    target = service.at_load_balancer()
    eventually(lambda: sweep(clients, [target]), answered)

    service.delete()
    seen = eventually(lambda: sweep(clients, [target], timeout=0.5), silent)

    assert seen.none_answered


@behaviour(
    spec=LOAD_BALANCER_TYPE,
    level=MUST,
    by=PROXY,
    requires=NEEDS,
    fails_under={"proxy/lb-vip-survives-type-change"},
    alone=True,
)
def test_load_balancer_address_given_up_is_not_served(echo, clients, sweep):
    """When a Service becomes one of type ClusterIP, its load balancer address leads nowhere; its ClusterIP goes on."""
    service = echo.service(type="LoadBalancer")
    target = service.at_load_balancer()
    eventually(lambda: sweep(clients, [target]), answered)

    service.patch(type="ClusterIP")
    with control("the load balancer takes the address back"):
        eventually(lambda: service.assigned, lambda found: not found, within=15.0)
    eventually(lambda: sweep(clients, [target], timeout=0.5), silent)
    seen = sweep(clients, [service.at_cluster_ip()])

    assert seen.all_answered


@behaviour(
    spec=VIRTUAL_IPS,
    level=MUST,
    by=PROXY,
    requires=NEEDS,
    fails_under={"proxy/lb-recreate-same-name-fails"},
    alone=True,
)
def test_load_balancer_service_made_again_under_its_name_is_served(echo, client):
    """A Service of type LoadBalancer made anew under the name of a deleted one is served at its address."""
    before = echo.service(type="LoadBalancer")
    target = before.at_load_balancer()
    eventually(lambda: client.tcp(target), answered)

    before.delete()
    eventually(lambda: client.tcp(target, timeout=0.5), silent)
    again = echo.service(before.name, type="LoadBalancer")
    seen = eventually(lambda: client.tcp(again.at_load_balancer(), times=3), answered_within(echo.names))

    assert seen.backends <= echo.names

"""Load balancer addresses that Services share, give up, or get again.

Checks of an address that is served no longer run alone: another Service could be given it meanwhile.
"""

from svcproof import (
    MUST,
    PROXY,
    Capability,
    Feature,
    Judged,
    answered,
    answered_within,
    behaviours,
    control,
    counts,
    eventually,
    silent,
)

from ..clauses import SERVICE, SERVICE_API
from .sharing import BY_HAND

LOAD_BALANCER_TYPE = SERVICE + "#loadbalancer"
STATUS = SERVICE_API + "#ServiceStatus"
NOT_ITS_OWN = (
    "Traffic for an address is directed at the Service whose load balancer has it; here no Service's has any more."
)
behaviour = behaviours(by=PROXY, level=MUST, spec=LOAD_BALANCER_TYPE, requires={Feature.LOAD_BALANCER})


@behaviour(
    because="A Service's status names its own addresses; what another Service had there takes nothing from it.",
    spec=STATUS,
    requires={Capability.EXTERNAL_ADDRESSES, Capability.OUTSIDE_CLIENT},
    fails_under={
        "proxy/shared-address-one-service-only",
        "proxy/shared-address-lost-with-neighbour",
        "proxy/shared-vip-unbound-on-delete",
    },
)
def test_load_balancer_address_shared_by_two_services_survives_one(echo, outside, external_address):
    """Of two Services with one load balancer address and different ports, one goes on when the other is deleted."""
    address = external_address()
    first, second = echo.service(**BY_HAND), echo.service(**BY_HAND, ports=[{"port": 81, "targetPort": 8081}])
    for service in (first, second):
        service.assign(address)
    own, other = first.at_address(address), second.at_address(address)
    both = eventually(lambda: outside.probe([own, other], times=2), answered)
    assert {(probe.target.port, probe.answer.port) for probe in both} == {(80, 8080), (81, 8081)}, (
        "each port leads to its targetPort"
    )

    first.delete()
    eventually(lambda: outside.tcp(own, timeout=0.5), silent)
    seen = outside.tcp(other, times=3)

    assert seen.all_answered


@behaviour(
    because=NOT_ITS_OWN,
    requires={Capability.LOAD_BALANCER},
    fails_under={"proxy/lb-vip-survives-type-change"},
    alone=True,
)
def test_load_balancer_address_given_up_is_not_served(echo, clients, sweep):
    """When a Service becomes one of type ClusterIP, its load balancer address leads nowhere; its ClusterIP goes on."""
    service = echo.service(type="LoadBalancer")
    target = service.at_load_balancer()
    with control("pods are served at load balancer addresses"):
        eventually(lambda: sweep(clients, [target]), answered)

    service.patch(type="ClusterIP")
    with control("the load balancer takes the address back"):
        eventually(lambda: service.assigned, counts(0, "addresses assigned"), within=Judged.ADDRESS_ASSIGNED)
    eventually(lambda: sweep(clients, [target], timeout=0.5), silent)
    seen = sweep(clients, [service.at_cluster_ip()])

    assert seen.all_answered


@behaviour(
    because="Traffic from within the cluster to a load balancer's address is led to an endpoint of its Service.",
    spec=SERVICE_API + "#ServiceSpec",
    requires={Capability.LOAD_BALANCER},
    fails_under={"proxy/lb-recreate-same-name-fails"},
    alone=True,
)
def test_load_balancer_service_made_again_under_its_name_is_served(echo, client):
    """A Service of type LoadBalancer made anew under the name of a deleted one is served at its address."""
    before = echo.service(type="LoadBalancer")
    target = before.at_load_balancer()
    with control("pods are served at load balancer addresses"):
        eventually(lambda: client.tcp(target), answered)

    before.delete()
    eventually(lambda: client.tcp(target, timeout=0.5), silent)
    again = echo.service(before.name, type="LoadBalancer")
    eventually(lambda: client.tcp(again.at_load_balancer(), times=3), answered_within(echo.names))

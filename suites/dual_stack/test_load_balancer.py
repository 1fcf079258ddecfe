"""Services of type LoadBalancer with both IP families."""

from svcproof import (
    LOAD_BALANCER,
    MUST,
    PROXY,
    SHOULD,
    Capability,
    Feature,
    Judged,
    answered_within,
    behaviours,
    control,
    eventually,
)

from ..clauses import DUAL_STACK
from ..families import BOTH, family

BALANCED = DUAL_STACK + "#service-type-loadbalancer"
behaviour = behaviours(
    by=LOAD_BALANCER,
    level=SHOULD,
    spec=BALANCED,
    requires={Capability.DUAL_STACK, Capability.LOAD_BALANCER},
    kep=563,
    since="1.23",
)


def of_both(addresses):
    """There is an address of each family."""
    return sorted(map(family, addresses)) == list(BOTH)


@behaviour(fails_under={"kind/always-single-stack"})
def test_load_balancer_gives_an_address_of_each_family(echo, dual_load_balancer_pool):
    """A dual-stack Service of type LoadBalancer is given an address of each family, where the pool has both."""
    service = echo.service(type="LoadBalancer", ipFamilyPolicy="RequireDualStack")

    eventually(lambda: service.assigned, of_both, within=Judged.ADDRESS_ASSIGNED)


@behaviour(
    because="Traffic from the load balancer of a dual-stack Service is directed at its backends, over either family.",
    level=MUST,
    by=PROXY,
    requires={Capability.OUTSIDE_CLIENT, Feature.LOAD_BALANCER},
    fails_under={"kind/ipv4-not-served", "kind/ipv6-not-served"},
)
def test_load_balancer_addresses_of_both_families_answer(echo, dual_outside, dual_load_balancer_pool):
    """A client outside is answered at each address in the status of a dual-stack Service, over its family."""
    service = echo.service(type="LoadBalancer", ipFamilyPolicy="RequireDualStack")
    with control("the load balancer assigns an address of each family"):
        addresses = eventually(lambda: service.assigned, of_both, within=Judged.ADDRESS_ASSIGNED)
    targets = [service.at_address(address) for address in addresses]

    seen = eventually(lambda: dual_outside.probe(targets, times=3), answered_within(echo.names))

    assert {probe.target.address for probe in seen if probe.answer} == set(addresses), (
        "probes of every address are answered"
    )

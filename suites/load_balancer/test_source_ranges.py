"""loadBalancerSourceRanges: which clients a load balancer's address is for."""

from ipaddress import ip_interface
from typing import Any

from svcproof import (
    MAY,
    MUST,
    PROXY,
    Capability,
    Feature,
    Target,
    announced,
    answered,
    answered_within,
    behaviours,
    control,
    eventually,
    silent,
)

from ..clauses import SERVICE_API
from ..families import alone
from .sharing import BY_HAND

SOURCE_RANGES = SERVICE_API + "#ServiceSpec"
IN_RANGES_ALONE = "Traffic through the load balancer is restricted to the client addresses that the ranges name."
OF_ONE_SERVICE = "The ranges are a field of one Service, and restrict traffic to the load balancer of that one."
NOT_BY_THE_PROXY = "A proxy that leaves source ranges to the load balancer, and does not claim to support them."

DATAGRAMS = [{"port": 53, "targetPort": 5353, "protocol": "UDP"}]
OTHERS = [f"198.51.100.{number}/32" for number in range(20)]
"""Ranges of clients that nobody is."""
behaviour = behaviours(
    by=PROXY,
    level=MUST,
    spec=SOURCE_RANGES,
    requires={
        Capability.LOAD_BALANCER,
        Capability.TWO_OUTSIDE_CLIENTS,
        Feature.LOAD_BALANCER,
        Feature.LOAD_BALANCER_SOURCE_RANGES,
    },
)


def _announced(outside: Any, target: Target) -> Target:
    with control("the address is announced"):
        eventually(lambda: outside.neighbour(target.address), announced)
    return target


@behaviour(because=IN_RANGES_ALONE, otherwise=NOT_BY_THE_PROXY, fails_under={"proxy/lbsr-never-enforced"})
def test_source_ranges_admit_those_in_them_alone(echo, outside, other_outside):
    """A load balancer's address answers a client inside its Service's source ranges, and none outside of them."""
    service = echo.service(type="LoadBalancer", loadBalancerSourceRanges=[alone(outside.address)])
    target = _announced(outside, service.at_load_balancer())
    with control("both clients have a way there"):
        eventually(lambda: other_outside.neighbour(target.address), announced)

    eventually(lambda: outside.tcp(target, times=3), answered)
    eventually(lambda: other_outside.tcp(target, times=6, timeout=0.5), silent)


@behaviour(because=IN_RANGES_ALONE, otherwise=NOT_BY_THE_PROXY, fails_under={"proxy/lbsr-edit-ignored"})
def test_source_ranges_set_on_a_live_service_shut_others_out(echo, outside, other_outside):
    """Source ranges given to a live Service shut out clients outside of them; one inside goes on."""
    service = echo.service(type="LoadBalancer")
    target = _announced(outside, service.at_load_balancer())
    eventually(lambda: outside.tcp(target) + other_outside.tcp(target), answered)

    service.patch(loadBalancerSourceRanges=[alone(outside.address)])
    eventually(lambda: other_outside.tcp(target, timeout=0.5), silent)
    seen = outside.tcp(target, times=3)

    assert seen.all_answered


@behaviour(
    because="Only where ranges are given is traffic through the load balancer restricted to them.",
    fails_under={"proxy/lbsr-edit-blocks-all", "proxy/lbsr-edit-ignored"},
)
def test_source_ranges_taken_away_let_everybody_in(echo, outside, other_outside):
    """When a Service's source ranges are taken away, clients that were shut out are answered."""
    service = echo.service(type="LoadBalancer", loadBalancerSourceRanges=[alone(outside.address)])
    target = _announced(outside, service.at_load_balancer())
    eventually(lambda: outside.tcp(target), answered)
    with control("the other client is shut out"):
        eventually(lambda: other_outside.tcp(target, timeout=0.5), silent)

    service.patch(loadBalancerSourceRanges=None)
    eventually(lambda: other_outside.tcp(target, times=3), answered_within(echo.names))


@behaviour(because=OF_ONE_SERVICE, fails_under={"proxy/lbsr-blocks-other-services"})
def test_source_ranges_of_one_service_leave_others_alone(echo, outside, other_outside):
    """A client outside one Service's source ranges is answered at the load balancer address of another."""
    guarded = echo.service(type="LoadBalancer", loadBalancerSourceRanges=[alone(outside.address)])
    other = _announced(other_outside, echo.service(type="LoadBalancer").at_load_balancer())
    target = _announced(outside, guarded.at_load_balancer())
    with control("they have different addresses"):
        assert target.address != other.address, "the Services have different addresses"
    eventually(lambda: outside.tcp(target), answered)

    eventually(lambda: other_outside.tcp(other, times=3), answered_within(echo.names))


@behaviour(because=OF_ONE_SERVICE, otherwise=NOT_BY_THE_PROXY, fails_under={"proxy/lbsr-shared-by-all-services"})
def test_source_ranges_of_one_service_admit_nobody_to_another(echo, outside, other_outside):
    """Of two Services that each admit another client, neither answers the client of the other."""
    mine, theirs = (
        _announced(
            one, echo.service(type="LoadBalancer", loadBalancerSourceRanges=[alone(one.address)]).at_load_balancer()
        )
        for one in (outside, other_outside)
    )
    with control("each client has a way to both of them, which have different addresses"):
        assert mine.address != theirs.address, "the Services have different addresses"
        eventually(lambda: outside.neighbour(theirs.address) and other_outside.neighbour(mine.address), announced)
    eventually(lambda: outside.tcp(mine, times=3) + other_outside.tcp(theirs, times=3), answered)

    eventually(
        lambda: outside.tcp(theirs, times=6, timeout=0.5) + other_outside.tcp(mine, times=6, timeout=0.5), silent
    )


@behaviour(
    because=IN_RANGES_ALONE,
    otherwise=NOT_BY_THE_PROXY,
    fails_under={"proxy/source-ranges-beyond-tenth-ignored", "proxy/lbsr-first-range-only"},
)
def test_each_of_several_source_ranges_admits_its_client(echo, outside, other_outside):
    """A load balancer's address answers the clients of each of its Service's source ranges, of which there are many."""
    first, last = (alone(client.address) for client in (outside, other_outside))
    ranges = [first, *OTHERS, last]
    service = echo.service(type="LoadBalancer", loadBalancerSourceRanges=ranges)
    target = _announced(outside, service.at_load_balancer())

    eventually(lambda: outside.tcp(target, times=3) + other_outside.tcp(target, times=3), answered_within(echo.names))


@behaviour(because=IN_RANGES_ALONE, otherwise=NOT_BY_THE_PROXY, fails_under={"proxy/lbsr-as-single-addresses"})
def test_source_range_admits_every_address_in_it(echo, outside):
    """A load balancer's address answers a client whose address is somewhere within a source range."""
    around = ip_interface(f"{outside.address}/24").network
    service = echo.service(type="LoadBalancer", loadBalancerSourceRanges=[str(around)])
    target = _announced(outside, service.at_load_balancer())

    eventually(lambda: outside.tcp(target, times=3), answered_within(echo.names))


@behaviour(
    because="The ranges restrict traffic through the load balancer, which traffic to a ClusterIP is not.",
    fails_under={"proxy/lbsr-closes-cluster-ip"},
)
def test_source_ranges_leave_the_cluster_ip_alone(echo, outside, client):
    """A pod outside a Service's source ranges reaches it at its ClusterIP."""
    service = echo.service(type="LoadBalancer", loadBalancerSourceRanges=[alone(outside.address)])
    target = _announced(outside, service.at_load_balancer())
    eventually(lambda: outside.tcp(target), answered)

    eventually(lambda: client.tcp(service.at_cluster_ip(), times=3), answered_within(echo.names))


@behaviour(because=IN_RANGES_ALONE, otherwise=NOT_BY_THE_PROXY, fails_under={"proxy/lbsr-for-tcp-only"})
def test_source_ranges_hold_for_udp(echo, outside, other_outside):
    """A UDP Service's load balancer address answers a client inside its source ranges, and none outside of them."""
    service = echo.service(type="LoadBalancer", loadBalancerSourceRanges=[alone(outside.address)], ports=DATAGRAMS)
    target = _announced(outside, service.at_load_balancer())
    with control("both clients have a way there"):
        eventually(lambda: other_outside.neighbour(target.address), announced)

    eventually(lambda: outside.udp(target, times=3), answered)
    eventually(lambda: other_outside.udp(target, times=6, timeout=0.5), silent)


@behaviour(
    level=MAY,
    requires={Capability.EXTERNAL_ADDRESSES, Feature.EXTERNAL_IPS},
    fails_under={"proxy/lbsr-at-external-ips-too"},
    kep=5707,
)
def test_source_ranges_at_an_external_ip(echo, outside, other_outside, external_address, record):
    """A client outside a Service's source ranges is let in at its externalIP, or is shut out there too."""
    address, ranges = external_address(), [alone(outside.address)]
    guarded = echo.service(**BY_HAND, externalIPs=[address], loadBalancerSourceRanges=ranges)
    beside = echo.service(externalIPs=[address], ports=[{"port": 81, "targetPort": 8080}])
    target = guarded.at_address(address)
    with control("the client in the ranges is answered there, and the other one at another Service of this address"):
        eventually(lambda: outside.tcp(target, times=3), answered)
        eventually(lambda: other_outside.tcp(beside.at_address(address), times=3), answered)

    seen = other_outside.tcp(target, times=6, timeout=0.5)

    record("lets in" if seen.all_answered else "shuts out" if seen.none_answered else "lets in some connections")


@behaviour(
    because="Blanks around a range are admitted, and so is a range within another; neither hinders others.",
    requires={Capability.EXTERNAL_ADDRESSES},
    fails_under={"proxy/lbsr-whitespace-wedges-proxy", "proxy/lbsr-overlap-wedges-proxy"},
)
def test_odd_source_ranges_hinder_nothing(echo, outside, external_address, everywhere):
    """Source ranges with blanks around them, twice the same, and one in another, leave their Service and a later one \
served as others are."""
    mine = alone(outside.address)
    ranges = [f" {mine}", f"{mine} ", mine, "198.51.100.0/24", "198.51.100.128/25"]
    odd = echo.service(**BY_HAND, loadBalancerSourceRanges=ranges)
    odd.assign(external_address())
    later = echo.service(type="NodePort")

    everywhere(odd, later)

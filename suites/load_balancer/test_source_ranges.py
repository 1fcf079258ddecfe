"""loadBalancerSourceRanges: which clients a load balancer's address is for."""

from typing import Any

from harness import MUST, PROXY, Capability, Feature, Target, answered, behaviour, control, eventually, silent
from suites.clauses import SERVICE_API

SOURCE_RANGES = SERVICE_API + "#ServiceSpec"
NEEDS: set[Capability | Feature] = {
    Capability.LOAD_BALANCER,
    Capability.TWO_OUTSIDE_CLIENTS,
    Feature.LOAD_BALANCER,
    Feature.LOAD_BALANCER_SOURCE_RANGES,
}


def _announced(outside: Any, target: Target) -> Target:
    with control("the address is announced"):
        eventually(lambda: outside.neighbour(target.address), bool)
    return target


@behaviour(spec=SOURCE_RANGES, level=MUST, by=PROXY, requires=NEEDS, fails_under={"proxy/lbsr-never-enforced"})
def test_source_ranges_admit_those_in_them_alone(echo, outside, other_outside):
    """A load balancer's address answers a client inside its Service's source ranges, and none outside of them."""
    service = echo.service(type="LoadBalancer", loadBalancerSourceRanges=[f"{outside.address}/32"])
    target = _announced(outside, service.at_load_balancer())
    with control("both clients have a way there"):
        eventually(lambda: other_outside.neighbour(target.address), bool)

    eventually(lambda: outside.tcp(target, times=3), answered)
    seen = eventually(lambda: other_outside.tcp(target, times=6, timeout=0.5), silent)

    assert seen.none_answered


@behaviour(spec=SOURCE_RANGES, level=MUST, by=PROXY, requires=NEEDS, fails_under={"proxy/lbsr-edit-ignored"})
def test_source_ranges_set_on_a_live_service_shut_others_out(echo, outside, other_outside):
    """Source ranges given to a live Service shut out clients outside of them; one inside goes on."""
    service = echo.service(type="LoadBalancer")
    target = _announced(outside, service.at_load_balancer())
    eventually(lambda: outside.tcp(target) + other_outside.tcp(target), answered)

    service.patch(loadBalancerSourceRanges=[f"{outside.address}/32"])
    eventually(lambda: other_outside.tcp(target, timeout=0.5), silent)
    seen = outside.tcp(target, times=3)

    assert seen.all_answered


@behaviour(spec=SOURCE_RANGES, level=MUST, by=PROXY, requires=NEEDS, fails_under={"proxy/lbsr-edit-ignored"})
def test_source_ranges_taken_away_let_everybody_in(echo, outside, other_outside):
    """When a Service's source ranges are taken away, clients that were shut out are answered."""
    service = echo.service(type="LoadBalancer", loadBalancerSourceRanges=[f"{outside.address}/32"])
    target = _announced(outside, service.at_load_balancer())
    eventually(lambda: outside.tcp(target), answered)
    with control("the other client is shut out"):
        eventually(lambda: other_outside.tcp(target, timeout=0.5), silent)

    service.patch(loadBalancerSourceRanges=None)
    seen = eventually(lambda: other_outside.tcp(target, times=3), answered)

    assert seen.backends <= echo.names


@behaviour(spec=SOURCE_RANGES, level=MUST, by=PROXY, requires=NEEDS, fails_under={"proxy/lbsr-blocks-other-services"})
def test_source_ranges_of_one_service_leave_others_alone(echo, outside, other_outside):
    """A client outside one Service's source ranges is answered at the load balancer address of another."""
    guarded = echo.service(type="LoadBalancer", loadBalancerSourceRanges=[f"{outside.address}/32"])
    other = _announced(other_outside, echo.service(type="LoadBalancer").at_load_balancer())
    target = _announced(outside, guarded.at_load_balancer())
    with control("they have different addresses"):
        assert target.address != other.address
    eventually(lambda: outside.tcp(target), answered)

    seen = eventually(lambda: other_outside.tcp(other, times=3), answered)

    assert seen.backends <= echo.names

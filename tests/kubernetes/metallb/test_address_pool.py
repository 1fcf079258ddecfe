"""Where a pool of addresses is put in the network of the nodes."""

from ipaddress import ip_address, ip_network

import pytest

from svcproof.errors import ProvisionError
from svcproof.kubernetes.metallb import free_addresses, pool_problems
from svcproof.model.cluster_spec import AddressSpan

DOCKER = ip_network("172.18.0.0/16")


def span(first: str, last: str) -> AddressSpan:
    return AddressSpan(first=ip_address(first), last=ip_address(last))


def test_the_pool_is_at_the_upper_end_where_engines_come_last():
    assert free_addresses(DOCKER, (), ()) == span("172.18.255.215", "172.18.255.254")


def test_an_address_that_somebody_has_pushes_the_pool_below_it():
    assert free_addresses(DOCKER, (ip_address("172.18.255.230"),), ()) == span("172.18.255.190", "172.18.255.229")


def test_an_address_just_below_the_pool_is_not_in_its_way():
    assert free_addresses(DOCKER, (ip_address("172.18.255.214"),), ()).first == ip_address("172.18.255.215")


def test_clusters_side_by_side_get_pools_that_do_not_meet():
    pools: list[AddressSpan] = []
    for _ in range(5):
        pools.append(free_addresses(DOCKER, (ip_address("172.18.0.1"),), pools))

    numbers = [number for one in pools for number in range(int(one.first), int(one.last) + 1)]
    assert len(numbers) == len(set(numbers)) == 200


def test_a_pool_of_another_cluster_that_reaches_into_the_space_is_kept_clear_of():
    assert free_addresses(DOCKER, (), [span("172.18.255.1", "172.18.255.250")]).last == ip_address("172.18.255.0")


def test_what_is_of_the_other_family_is_in_nobodys_way():
    taken, others = [ip_address("fc00::1")], [span("fc00::2", "fc00::ffff")]
    assert free_addresses(DOCKER, taken, others) == free_addresses(DOCKER, (), ())


def test_ipv6_networks_have_room_at_once():
    found = free_addresses(ip_network("fc00:f853:ccd:e793::/64"), [ip_address("fc00:f853:ccd:e793::2")], ())
    assert found == span("fc00:f853:ccd:e793:ffff:ffff:ffff:ffd7", "fc00:f853:ccd:e793:ffff:ffff:ffff:fffe")


def test_a_small_network_keeps_most_of_its_addresses_for_nodes():
    assert free_addresses(ip_network("10.0.0.0/26"), (), ()) == span("10.0.0.47", "10.0.0.62")


@pytest.mark.parametrize("network", ["10.0.0.0/31", "10.0.0.8/32", "10.0.0.0/28"])
def test_a_network_without_room_is_told_with_what_to_do(network: str):
    whole = ip_network(network)
    with pytest.raises(ProvisionError, match=r"has no .* left for MetalLB: remove .*loadBalancerPool"):
        free_addresses(whole, list(whole), ())


def test_a_declared_pool_outside_the_network_is_a_problem_and_one_inside_is_none():
    networks = [DOCKER, ip_network("fc00::/64")]
    inside, outside = span("172.18.9.1", "172.18.9.9"), span("172.19.0.1", "172.19.0.9")
    over_the_end = span("172.18.255.250", "172.19.0.4")

    problems = pool_problems([inside, outside, over_the_end, span("fc00::9", "fc00::a")], networks)

    assert [problem.split(" is ")[0] for problem in problems] == [
        "loadBalancerPool: 172.19.0.1 to 172.19.0.9",
        "loadBalancerPool: 172.18.255.250 to 172.19.0.4",
    ]
    assert all("172.18.0.0/16, fc00::/64" in problem for problem in problems)

"""What is loaded, and in what steps; what it does to packets is shown in the kernel."""

import re
from dataclasses import replace

from svcproof.reference_proxy.change import change
from svcproof.reference_proxy.family import IPV4, IPV6
from svcproof.reference_proxy.frontends import frontends
from svcproof.reference_proxy.nft import LARGEST, transactions
from svcproof.reference_proxy.rules import rules
from svcproof.reference_proxy.ruleset import Ruleset
from svcproof.reference_proxy.state import Policy, State
from tests.reference_proxy.bench import NODE
from tests.reference_proxy.samples import CLUSTER_IP, TCP, endpoint, state


def rendered(of: State) -> Ruleset:
    return rules(frontends(of, IPV4), of.node, IPV4)


def steps(loaded: Ruleset, wanted: Ruleset) -> list[str]:
    return "".join(change(loaded, wanted)).splitlines()


def verdicts(of: State, table: str) -> dict[str, str]:
    return dict(rendered(of).sets[table].elements or {})


def test_a_cluster_ip_without_endpoints_is_refused_and_one_without_local_ones_dropped() -> None:
    here = f"{CLUSTER_IP} . tcp . 80"
    remote = endpoint("10.244.2.1", node="node-b")
    assert verdicts(state(), "unserved") == {here: "goto refuse"}
    assert verdicts(state(remote, internal_policy=Policy.LOCAL), "unserved") == {here: "drop"}
    assert verdicts(state(internal_policy=Policy.LOCAL), "unserved") == {here: "goto refuse"}
    assert verdicts(state(remote), "unserved") == {}
    assert verdicts(state(), "frontends") == {}


def test_without_local_endpoints_an_external_address_still_serves_clients_on_the_node() -> None:
    remote = endpoint("10.244.2.1", node="node-b")
    served = state(remote, type="LoadBalancer", load_balancer_ips=("198.51.100.8",), external_policy=Policy.LOCAL)
    assert verdicts(served, "unserved") == {"198.51.100.8 . tcp . 80": "drop"}
    assert rendered(served).chains["load-balancer-ip/shop/web/tcp/80"].rules == (
        "ip saddr { 10.244.1.0/24 } goto cluster/shop/web/tcp/80",
        "fib saddr type local meta mark set meta mark | 0x4000 goto cluster/shop/web/tcp/80",
    )


def test_no_address_is_masqueraded_for_want_of_a_pod_range() -> None:
    served = replace(state(endpoint()), node=replace(NODE, pod_ranges=()))
    assert rendered(served).chains["cluster-ip/shop/web/tcp/80"].rules == ("goto cluster/shop/web/tcp/80",)


def test_the_first_transaction_replaces_whatever_there_was() -> None:
    first, *_ = change(None, rendered(state(endpoint())))
    assert first == (
        "add table ip service-proxy\ndelete table ip service-proxy\nadd table ip service-proxy\n"
        "add table ip service-proxy-before\ndelete table ip service-proxy-before\n"
    )


def test_nothing_changes_without_a_change() -> None:
    assert change(rendered(state(endpoint())), rendered(state(endpoint()))) == ()


def test_a_change_touches_only_what_differs() -> None:
    one = rendered(state(endpoint("pod-1")))
    two = rendered(state(endpoint("pod-1"), endpoint("pod-2")))
    drawn = "numgen random mod 2 map { 0 : 10.244.1.1 . 8080, 1 : 10.244.1.2 . 8080 }"
    assert steps(one, two) == [
        "flush chain ip service-proxy cluster/shop/web/tcp/80",
        f"add rule ip service-proxy cluster/shop/web/tcp/80 meta l4proto tcp dnat ip to {drawn}",
        "add element ip service-proxy hairpins { 10.244.1.2 . 10.244.1.2 }",
    ]


def test_what_goes_is_unreferenced_before_it_is_deleted() -> None:
    lines = steps(rendered(state(endpoint(), affinity=10)), rendered(state()))
    told = [" ".join(line.split()[:2]) for line in lines]
    assert told.index("delete element") < told.index("flush chain") < told.index("delete chain")
    assert told[-1] == "delete set"


def test_the_clients_of_endpoints_that_stay_are_left_alone() -> None:
    one = rendered(state(endpoint("pod-1"), endpoint("pod-2"), affinity=10))
    two = rendered(state(endpoint("pod-2"), affinity=99))
    assert [line for line in steps(one, two) if " set " in line] == [
        "delete set ip service-proxy clients/shop/web/tcp/80/10.244.1.1/8080"
    ]


def test_a_table_of_ipv6_has_names_that_nft_can_read() -> None:
    end = endpoint("fd00:1::5", port=8080)
    served = state(cluster_ips=("fd00::10",), affinity=10)
    [empty] = served.slices["shop/web"]
    slices = {"shop/web": (replace(empty, address_type="IPv6", endpoints=(("", TCP.protocol, end),)),)}
    six = rules(frontends(replace(served, slices=slices), IPV6), NODE, IPV6)
    assert six.chains["endpoint/shop/web/tcp/80/fd00.1..5/8080"].rules == (
        "update @clients/shop/web/tcp/80/fd00.1..5/8080 { ip6 saddr timeout 10s }",
        "meta l4proto tcp dnat ip6 to [fd00:1::5]:8080",
    )


def test_steps_are_put_together_as_long_as_they_fit() -> None:
    half = "x" * (LARGEST // 2)
    assert list(transactions(["a", "b", half, half, "c"])) == [f"ab{half}", f"{half}c"]
    assert list(transactions(["y" * LARGEST * 2, "z"])) == ["y" * LARGEST * 2, "z"]
    assert list(transactions([])) == []


def test_rules_name_no_set_that_is_not_declared() -> None:
    near, far = endpoint(), endpoint("10.244.2.1", node="node-b")
    policies = {"internal_policy": Policy.LOCAL, "external_policy": Policy.LOCAL}
    for changes in (policies, policies | {"type": "LoadBalancer", "load_balancer_ips": ("198.51.100.8",)}):
        loaded = rendered(state(near, far, affinity=600, **changes))
        used = {
            name for chain in loaded.chains.values() for rule in chain.rules for name in re.findall(r"@(\S+)", rule)
        }
        assert {name for name in used if name.startswith("clients/")} <= set(loaded.sets)

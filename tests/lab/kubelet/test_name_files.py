from typing import Any

import pytest

from svcproof.lab.faults import kubelet as fault
from svcproof.lab.kubelet.name_files import hostname, hosts, resolv_conf
from svcproof.lab.layout import LabConfig, NodeConfig, layout

LAYOUT = layout(LabConfig(nodes=(NodeConfig("node-a"),), dns_domain="example.test"))
CLUSTER = """\
search shop.svc.example.test svc.example.test example.test
nameserver 10.96.0.10
options ndots:5
"""
NODES_OWN = "nameserver 172.30.0.1\n"
NONE: frozenset[str] = frozenset()


def pod(**spec: Any) -> Any:
    return {"metadata": {"name": "web-0", "namespace": "shop"}, "spec": spec}


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ({}, CLUSTER),
        ({"dnsPolicy": "ClusterFirst", "hostNetwork": True}, NODES_OWN),
        ({"dnsPolicy": "ClusterFirstWithHostNet", "hostNetwork": True}, CLUSTER),
        ({"dnsPolicy": "Default"}, NODES_OWN),
    ],
)
def test_resolv_conf_follows_the_policy(spec: dict[str, Any], expected: str):
    assert resolv_conf(pod(**spec), LAYOUT, NONE) == expected


def test_policy_none_takes_dns_config_as_it_is():
    config = {
        "nameservers": ["192.0.2.53"],
        "searches": ["a.test"],
        "options": [{"name": "ndots", "value": "2"}, {"name": "edns0"}],
    }

    said = resolv_conf(pod(dnsPolicy="None", dnsConfig=config), LAYOUT, NONE)

    assert said == "search a.test\nnameserver 192.0.2.53\noptions ndots:2 edns0\n"


def test_dns_config_is_added_to_what_the_policy_gives():
    config = {
        "nameservers": ["10.96.0.10", "192.0.2.53"],
        "searches": ["a.test"],
        "options": [{"name": "ndots", "value": "2"}],
    }

    said = resolv_conf(pod(dnsConfig=config), LAYOUT, NONE)

    assert said.splitlines() == [
        "search shop.svc.example.test svc.example.test example.test a.test",
        "nameserver 10.96.0.10",
        "nameserver 192.0.2.53",
        "options ndots:2",
    ]


@pytest.mark.parametrize(
    "switched",
    [
        fault.WRONG_NAMESERVER,
        fault.RESOLV_WITHOUT_SEARCH,
        fault.RESOLV_WITHOUT_NDOTS,
        fault.SEARCH_OF_DEFAULT_NAMESPACE,
    ],
    ids=lambda one: one.name,
)
def test_faults_of_resolv_conf_show(switched: fault.Fault):
    assert resolv_conf(pod(), LAYOUT, frozenset({switched.name})) != CLUSTER


def test_the_fault_of_an_ignored_policy_shows():
    faults = frozenset({fault.DNS_POLICY_IGNORED.name})

    assert resolv_conf(pod(dnsPolicy="Default"), LAYOUT, faults) == CLUSTER


def test_hosts_has_the_pod_under_its_short_and_its_full_name():
    said = hosts(pod(subdomain="web"), ("10.244.1.2", "fd00::2"), LAYOUT, NONE)

    assert "10.244.1.2\tweb-0.web.shop.svc.example.test\tweb-0\n" in said
    assert "fd00::2\tweb-0.web.shop.svc.example.test\tweb-0\n" in said
    assert "127.0.0.1\tlocalhost\n" in said


def test_a_pod_on_the_nodes_network_has_no_line_of_its_own():
    assert "web-0" not in hosts(pod(hostNetwork=True), ("172.30.0.11",), LAYOUT, NONE)


def test_the_fault_of_missing_entries_shows():
    faults = frozenset({fault.NO_HOSTS_ENTRY.name})

    assert "web-0" not in hosts(pod(), ("10.244.1.2",), LAYOUT, faults)


def test_a_pod_is_called_by_its_hostname_or_its_own_name_or_its_node():
    assert hostname(pod(), "node-a", NONE) == "web-0"
    assert hostname(pod(hostname="me"), "node-a", NONE) == "me"
    assert hostname(pod(hostNetwork=True), "node-a", NONE) == "node-a"


def test_the_fault_of_an_ignored_hostname_shows():
    faults = frozenset({fault.HOSTNAME_IGNORED.name})

    assert hostname(pod(hostname="me"), "node-a", faults) == "web-0"
    assert "\tweb-0\n" in hosts(pod(hostname="me", subdomain="web"), ("10.244.1.2",), LAYOUT, faults)

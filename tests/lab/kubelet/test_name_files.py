from typing import Any

import pytest

from svcproof.fault import mutated
from svcproof.lab.faults.kubelet import FAULTS
from svcproof.lab.kubelet.rules import Rules
from svcproof.lab.layout import LabConfig, NodeConfig, layout

LAYOUT = layout(LabConfig(nodes=(NodeConfig("node-a"),), dns_domain="example.test"))
CLUSTER = """\
search shop.svc.example.test svc.example.test example.test
nameserver 10.96.0.10
options ndots:5
"""
NODES_OWN = "nameserver 172.30.0.1\n"


def rules(*faults: str) -> Rules:
    return mutated(Rules(), FAULTS, faults)


def resolv_conf(pod: Any, *faults: str) -> str:
    return rules(*faults).resolv_conf(pod, LAYOUT, rules(*faults).cluster_first)


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
    assert resolv_conf(pod(**spec)) == expected


def test_policy_none_takes_dns_config_as_it_is():
    config = {
        "nameservers": ["192.0.2.53"],
        "searches": ["a.test"],
        "options": [{"name": "ndots", "value": "2"}, {"name": "edns0"}],
    }

    said = resolv_conf(pod(dnsPolicy="None", dnsConfig=config))

    assert said == "search a.test\nnameserver 192.0.2.53\noptions ndots:2 edns0\n"


def test_dns_config_is_added_to_what_the_policy_gives():
    config = {
        "nameservers": ["10.96.0.10", "192.0.2.53"],
        "searches": ["a.test"],
        "options": [{"name": "ndots", "value": "2"}],
    }

    said = resolv_conf(pod(dnsConfig=config))

    assert said.splitlines() == [
        "search shop.svc.example.test svc.example.test example.test a.test",
        "nameserver 10.96.0.10",
        "nameserver 192.0.2.53",
        "options ndots:2",
    ]


@pytest.mark.parametrize(
    "fault",
    [
        "wrong-nameserver",
        "resolv-without-search",
        "resolv-without-ndots",
        "search-of-default-namespace",
    ],
)
def test_faults_of_resolv_conf_show(fault: str):
    assert resolv_conf(pod(), fault) != CLUSTER


def test_the_fault_of_an_ignored_policy_shows():
    assert resolv_conf(pod(dnsPolicy="Default"), "dns-policy-ignored") == CLUSTER


def test_hosts_has_the_pod_under_its_short_and_its_full_name():
    said = rules().hosts(pod(subdomain="web"), ("10.244.1.2", "fd00::2"), LAYOUT)

    assert "10.244.1.2\tweb-0.web.shop.svc.example.test\tweb-0\n" in said
    assert "fd00::2\tweb-0.web.shop.svc.example.test\tweb-0\n" in said
    assert "127.0.0.1\tlocalhost\n" in said


def test_a_pod_on_the_nodes_network_has_no_line_of_its_own():
    assert "web-0" not in rules().hosts(pod(hostNetwork=True), ("172.30.0.11",), LAYOUT)


def test_the_fault_of_missing_entries_shows():
    assert "web-0" not in rules("no-hosts-entry").hosts(pod(), ("10.244.1.2",), LAYOUT)


def test_a_pod_is_called_by_its_hostname_or_its_own_name_or_its_node():
    assert rules().hostname(pod(), "node-a") == "web-0"
    assert rules().hostname(pod(hostname="me"), "node-a") == "me"
    assert rules().hostname(pod(hostNetwork=True), "node-a") == "node-a"


def test_the_fault_of_an_ignored_hostname_shows():
    ignoring = rules("hostname-ignored")

    assert ignoring.hostname(pod(hostname="me"), "node-a") == "web-0"
    assert "\tweb-0\n" in ignoring.hosts(pod(hostname="me", subdomain="web"), ("10.244.1.2",), LAYOUT)

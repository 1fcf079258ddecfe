"""Worlds from objects as the API gives them."""

import pytest

from svcproof.model.probe import Protocol
from svcproof.promise.objects import world_of
from svcproof.promise.world import Endpoint, Ingress, Node, Policy, Port, Service, Slice, SlicePort

NODE = {
    "metadata": {"name": "node-a", "labels": {"topology.kubernetes.io/zone": "east"}},
    "spec": {"podCIDR": "10.244.1.0/24", "podCIDRs": ["10.244.1.0/24", "fd00:244:1::/64"]},
    "status": {
        "addresses": [
            {"type": "InternalIP", "address": "10.0.0.1"},
            {"type": "Hostname", "address": "node-a"},
            {"type": "InternalIP", "address": "FD00::0001"},
            {"type": "ExternalIP", "address": "203.0.113.1"},
        ]
    },
}
METADATA = {"namespace": "shop", "name": "web"}
SERVICE = {
    "metadata": {**METADATA, "labels": {"app": "web"}},
    "spec": {
        "type": "LoadBalancer",
        "clusterIP": "10.96.0.10",
        "clusterIPs": ["10.96.0.10", "fd00:96::a"],
        "ipFamilies": ["IPv4", "IPv6"],
        "ports": [{"name": "http", "port": 80, "nodePort": 30080}, {"name": "dns", "protocol": "UDP", "port": 53}],
        "externalIPs": ["198.51.100.10"],
        "loadBalancerSourceRanges": ["10.0.0.0/8"],
        "internalTrafficPolicy": "Local",
        "externalTrafficPolicy": "Local",
        "sessionAffinity": "ClientIP",
        "sessionAffinityConfig": {"clientIP": {"timeoutSeconds": 60}},
        "healthCheckNodePort": 30100,
        "trafficDistribution": "PreferSameZone",
    },
    "status": {
        "loadBalancer": {
            "ingress": [
                {"ip": "192.0.2.10", "ipMode": "VIP"},
                {"ip": "192.0.2.11", "ipMode": "Proxy"},
                {"hostname": "web.example"},
                {"ip": "192.0.2.12"},
            ]
        }
    },
}
SLICE = {
    "metadata": {"namespace": "shop", "name": "web-1", "labels": {"kubernetes.io/service-name": "web"}},
    "addressType": "IPv4",
    "ports": [{"name": "http", "protocol": "TCP", "port": 8080}, {"name": "dns", "protocol": "UDP"}, {"port": 9}],
    "endpoints": [
        {
            "addresses": ["10.244.1.5", "10.244.1.6"],
            "nodeName": "node-a",
            "zone": "east",
            "conditions": {"ready": False, "serving": True, "terminating": True},
            "hints": {"forZones": [{"name": "east"}, {"name": "west"}], "forNodes": [{"name": "node-a"}]},
        }
    ],
}


def test_a_node_is_read_whole():
    assert world_of([], [], [NODE]).nodes == (
        Node(
            name="node-a",
            zone="east",
            addresses=("10.0.0.1", "fd00::1", "203.0.113.1"),
            pod_ranges=("10.244.1.0/24", "fd00:244:1::/64"),
        ),
    )


@pytest.mark.parametrize(
    "leaving",
    [
        {"metadata": {"name": "n", "deletionTimestamp": "2026-01-01T00:00:00Z"}},
        {"metadata": {"name": "n"}, "spec": {"taints": [{"key": "ToBeDeletedByClusterAutoscaler"}]}},
    ],
)
def test_a_node_that_leaves_is_known(leaving):
    assert world_of([], [], [leaving]).nodes == (Node(name="n", leaving=True),)


def test_a_node_with_one_range_and_other_taints_stays():
    node = {"metadata": {"name": "n"}, "spec": {"podCIDR": "10.244.9.0/24", "taints": [{"key": "other"}]}}

    assert world_of([], [], [node]).nodes == (Node(name="n", pod_ranges=("10.244.9.0/24",)),)


def test_a_service_is_read_whole():
    assert world_of([SERVICE], [], []).services == (
        Service(
            namespace="shop",
            name="web",
            type="LoadBalancer",
            labels={"app": "web"},
            ports=(
                Port(name="http", port=80, node_port=30080),
                Port(name="dns", protocol=Protocol.UDP, port=53),
            ),
            cluster_ips=("10.96.0.10", "fd00:96::a"),
            families=("IPv4", "IPv6"),
            external_ips=("198.51.100.10",),
            ingress=(
                Ingress(address="192.0.2.10"),
                Ingress(address="192.0.2.11", vip=False),
                Ingress(address="192.0.2.12"),
            ),
            source_ranges=("10.0.0.0/8",),
            internal_policy=Policy.LOCAL,
            external_policy=Policy.LOCAL,
            affinity_seconds=60,
            health_check_node_port=30100,
            distribution="PreferSameZone",
        ),
    )


@pytest.mark.parametrize("missing", [{}, {"status": {}}, {"status": {"loadBalancer": {}}}, {"status": None}])
def test_what_a_service_leaves_out_is_as_the_api_says(missing):
    bare = {"metadata": METADATA, "spec": {"clusterIP": "10.96.0.10", "ports": [{"port": 80}]}, **missing}

    assert world_of([bare], [], []).services == (
        Service(namespace="shop", name="web", cluster_ips=("10.96.0.10",), ports=(Port(port=80),)),
    )


@pytest.mark.parametrize(("config", "seconds"), [({}, 10800), ({"clientIP": {}}, 10800), (None, 10800)])
def test_affinity_without_a_timeout_lasts_three_hours(config, seconds):
    spec = {"clusterIP": "None", "sessionAffinity": "ClientIP", "sessionAffinityConfig": config}

    (service,) = world_of([{"metadata": METADATA, "spec": spec}], [], []).services

    assert service.affinity_seconds == seconds
    assert service.cluster_ips == ("None",)


def test_addresses_are_written_in_one_way():
    spec = {"clusterIPs": ["FD00:96:0::0A"], "externalIPs": ["2001:DB8::0001"]}

    (service,) = world_of([{"metadata": METADATA, "spec": spec}], [], []).services

    assert (service.cluster_ips, service.external_ips) == (("fd00:96::a",), ("2001:db8::1",))


def test_a_slice_is_read_whole():
    assert world_of([], [SLICE], []).slices == (
        Slice(
            namespace="shop",
            name="web-1",
            service="web",
            labels={"kubernetes.io/service-name": "web"},
            ports=(
                SlicePort(name="http", port=8080),
                SlicePort(name="dns", protocol=Protocol.UDP),
                SlicePort(port=9),
            ),
            endpoints=(
                Endpoint(
                    addresses=("10.244.1.5", "10.244.1.6"),
                    ready=False,
                    serving=True,
                    terminating=True,
                    node="node-a",
                    zone="east",
                    zones=frozenset({"east", "west"}),
                    nodes=frozenset({"node-a"}),
                ),
            ),
        ),
    )


@pytest.mark.parametrize(
    ("conditions", "ready", "serving", "terminating"),
    [
        ({}, True, True, False),
        (None, True, True, False),
        ({"ready": True}, True, True, False),
        ({"ready": False}, False, False, False),
        ({"ready": None}, True, True, False),
        ({"serving": False}, True, False, False),
        ({"ready": False, "serving": True}, False, True, False),
        ({"ready": False, "serving": None}, False, False, False),
        ({"terminating": True}, True, True, True),
        ({"ready": False, "terminating": True}, False, False, True),
        ({"terminating": None}, True, True, False),
    ],
)
def test_conditions_that_are_left_out_read_as_the_api_says(conditions, ready, serving, terminating):
    item = {**SLICE, "endpoints": [{"addresses": ["10.244.1.5"], "conditions": conditions}]}

    (endpoint,) = world_of([], [item], []).slices[0].endpoints

    assert (endpoint.ready, endpoint.serving, endpoint.terminating) == (ready, serving, terminating)


def test_a_slice_may_lack_all_but_its_type():
    bare = {"metadata": {"namespace": "shop", "name": "web-1"}, "addressType": "FQDN", "ports": None, "endpoints": None}

    assert world_of([], [bare], []).slices == (Slice(namespace="shop", name="web-1", service="", address_type="FQDN"),)

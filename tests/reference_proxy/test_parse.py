from typing import Any

import pytest

from svcproof.reference_proxy import parse
from svcproof.reference_proxy.state import Policy, ServicePort, ServiceProtocol

METADATA = {"namespace": "shop", "name": "web"}


def service(**spec: Any) -> dict[str, Any]:
    return {"metadata": METADATA, "spec": {"clusterIP": "10.96.0.10", "ports": [{"port": 80}], **spec}}


def endpoint(**fields: Any) -> dict[str, Any]:
    labels = {"kubernetes.io/service-name": "web"}
    one = {"addresses": ["10.244.1.1"], **fields}
    return {
        "metadata": {**METADATA, "labels": labels},
        "addressType": "IPv4",
        "ports": [{"port": 8080}],
        "endpoints": [one],
    }


def test_what_a_service_leaves_out_has_the_documented_meaning() -> None:
    read = parse.service(service())
    assert read.ports == (ServicePort("", ServiceProtocol.TCP, 80),)
    assert (read.type, read.cluster_ips, read.affinity) == ("ClusterIP", ("10.96.0.10",), None)
    assert read.internal_policy is read.external_policy is Policy.CLUSTER


def test_affinity_lasts_three_hours_unless_said_otherwise() -> None:
    assert parse.service(service(sessionAffinity="ClientIP")).affinity == 10800
    config = {"clientIP": {"timeoutSeconds": 7}}
    assert parse.service(service(sessionAffinity="ClientIP", sessionAffinityConfig=config)).affinity == 7
    assert parse.service(service(sessionAffinity="None", sessionAffinityConfig=config)).affinity is None


def test_only_virtual_addresses_of_a_load_balancer_are_served() -> None:
    ingress = [
        {"ip": "1.1.1.1"},
        {"ip": "2.2.2.2", "ipMode": "VIP"},
        {"ip": "3.3.3.3", "ipMode": "Proxy"},
        {"hostname": "x"},
    ]
    item = {**service(type="LoadBalancer"), "status": {"loadBalancer": {"ingress": ingress}}}
    assert parse.service(item).load_balancer_ips == ("1.1.1.1", "2.2.2.2")
    assert parse.service({**item, "spec": service()["spec"]}).load_balancer_ips == ()


def test_only_types_that_have_node_ports_have_them() -> None:
    ports = [{"port": 80, "nodePort": 30080}]
    assert parse.service(service(type="NodePort", ports=ports)).ports[0].node_port == 30080
    assert parse.service(service(ports=ports)).ports[0].node_port == 0


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        (None, (True, True, False)),
        ({}, (True, True, False)),
        ({"ready": None, "serving": None, "terminating": None}, (True, True, False)),
        ({"ready": False}, (False, False, False)),
        ({"ready": False, "serving": True, "terminating": True}, (False, True, True)),
        ({"ready": True, "serving": False}, (True, False, False)),
    ],
)
def test_conditions_left_out_have_the_documented_meaning(conditions: Any, expected: tuple[bool, ...]) -> None:
    [(_, _, read)] = parse.endpoint_slice(endpoint(conditions=conditions)).endpoints
    assert (read.ready, read.serving, read.terminating) == expected


def test_only_the_first_address_counts_and_ports_without_a_number_do_not() -> None:
    item = endpoint(addresses=["10.244.1.1", "10.244.1.2"])
    item["ports"] += [{"name": "any"}, {"name": "u", "port": 53, "protocol": "UDP"}]
    read = parse.endpoint_slice(item)
    assert [(name, protocol, one.address, one.port) for name, protocol, one in read.endpoints] == [
        ("", ServiceProtocol.TCP, "10.244.1.1", 8080),
        ("u", ServiceProtocol.UDP, "10.244.1.1", 53),
    ]
    assert read.service == "shop/web"


def test_a_slice_may_have_no_ports_and_no_endpoints() -> None:
    assert parse.endpoint_slice({**endpoint(), "ports": None, "endpoints": None}).endpoints == ()


def test_a_node_is_leaving_when_it_is_deleted_or_tainted_so() -> None:
    node: dict[str, Any] = {"metadata": {"name": "node-a"}, "spec": {"podCIDR": "10.244.1.0/24"}, "status": {}}
    assert parse.node(node).pod_ranges == ("10.244.1.0/24",)
    assert not parse.node(node).leaving
    assert parse.node({**node, "spec": {"taints": [{"key": "ToBeDeletedByClusterAutoscaler"}]}}).leaving
    assert parse.node({**node, "metadata": {"name": "node-a", "deletionTimestamp": "2026-01-01T00:00:00Z"}}).leaving


def test_a_slice_may_be_labelled_headless() -> None:
    item = endpoint()
    labelled = {**item, "metadata": {**METADATA, "labels": {"service.kubernetes.io/headless": ""}}}
    assert not parse.endpoint_slice(item).headless
    assert parse.endpoint_slice(labelled).headless

from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest

from svcproof.addresses import Span
from svcproof.lab.layout import LabConfig, NodeConfig
from tests.lab.acted_out import acted_out

pytestmark = pytest.mark.lab

CONFIG = LabConfig(
    nodes=(NodeConfig("node-a"), NodeConfig("node-b")),
    load_balancer_pool=(Span(ip_address("172.30.0.200"), ip_address("172.30.0.201")),),
    outside=1,
)
SCENARIO = Path(__file__).with_name("scenario.py")


@pytest.fixture(scope="module")
def found() -> dict[str, Any]:
    return acted_out(SCENARIO, CONFIG, timeout=100)


def test_a_service_gets_the_first_address_of_the_pool(found: dict[str, Any]):
    assert found["assigned"] == "172.30.0.200"


def test_the_node_with_the_endpoint_answers_arp(found: dict[str, Any]):
    assert found["first"] == "node-a"


def test_a_client_outside_is_told_when_another_node_takes_over(found: dict[str, Any]):
    assert found["told of the move"] == "node-b"


def test_nobody_answers_arp_for_an_address_without_endpoints(found: dict[str, Any]):
    assert found["without endpoints"] == ""


def test_an_exhausted_pool_makes_a_service_wait_with_an_event(found: dict[str, Any]):
    assert found["second"] == "172.30.0.201"
    assert "AllocationFailed" in found["exhausted"]


def test_an_address_given_back_goes_to_the_one_that_waits(found: dict[str, Any]):
    assert found["cleared"] == ""
    assert found["handed on"] == found["second"]


def test_an_address_is_kept_over_changes_and_free_after_deletion(found: dict[str, Any]):
    assert found["kept"] == found["handed on"]
    assert found["given again"] == found["assigned"]


def test_the_clusters_names_are_served_to_nodes_over_udp_and_tcp(found: dict[str, Any]):
    assert found["zone"] == ["10.96.0.10", "10.96.0.10"]

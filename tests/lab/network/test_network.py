from pathlib import Path
from typing import Any

import pytest

from svcproof.lab.layout import LabConfig, NodeConfig
from tests.lab.acted_out import acted_out

pytestmark = pytest.mark.lab

CONFIG = LabConfig(nodes=(NodeConfig("node-a"), NodeConfig("node-b")), outside=1)
SCENARIO = Path(__file__).with_name("scenario.py")


@pytest.fixture(scope="module")
def found() -> dict[str, Any]:
    return acted_out(SCENARIO, CONFIG, timeout=60)


def test_pods_see_each_other_by_their_own_addresses(found: dict[str, Any]):
    assert found["same node"] == "10.244.1.5"
    assert found["other node"] == "10.244.1.5"


def test_pods_see_a_node_by_its_own_address(found: dict[str, Any]):
    assert found["node to own pod"] == "172.30.0.11"
    assert found["node to other pod"] == "172.30.0.11"


def test_pods_reach_the_fabric_and_outside_clients_and_get_answers(found: dict[str, Any]):
    assert found["pod to fabric"] == "10.244.1.5"
    assert found["pod to outside"] == "10.244.1.5"
    assert found["outside to node"] == "172.30.0.101"


def test_nobody_answers_for_what_is_nobodys(found: dict[str, Any]):
    assert set(found["silent"].values()) == {True}, found["silent"]


def test_a_pod_reaches_itself_through_a_masquerading_node(found: dict[str, Any]):
    assert found["hairpin"] == "172.30.0.11"


def test_a_pods_place_can_be_taken_at_once(found: dict[str, Any]):
    assert found["replaced"] == "10.244.1.6"


def test_removed_pods_leave_no_namespace(found: dict[str, Any]):
    assert found["left"] == ["fabric", "node-a", "node-b", "outside-1", "pod-1", "pod-2"]

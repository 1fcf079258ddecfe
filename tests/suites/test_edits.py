"""The tables of edits: their rows, and the wait for what the controllers make of an edit."""

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest

from suites.edits import addresses, pods, policies, ports, slices
from suites.edits.field import at_doors, flows_at_doors, ignored
from suites.edits.scene import Scene, address
from suites.edits.settled import listed, selected
from suites.edits.watching import Watched, nodes_with_endpoint
from svcproof import MUST
from svcproof.wait import Inconclusive

pytestmark = pytest.mark.timeout(10)
ROWS = (*ports.ROWS, *addresses.ROWS, *policies.ROWS, *slices.ROWS, *pods.ROWS)
SERVICE: dict[str, Any] = {
    "metadata": {"namespace": "shop"},
    "spec": {
        "selector": {"app": "web"},
        "ipFamilies": ["IPv4"],
        "ports": [
            {"name": "stream", "protocol": "TCP", "targetPort": "main"},
            {"name": "datagram", "protocol": "UDP", "targetPort": 5353},
        ],
    },
}


def pod(ip: str, ready: str = "True", **metadata: str) -> dict[str, Any]:
    return {
        "metadata": metadata,
        "spec": {"containers": [{"ports": [{"name": "main", "containerPort": 8080}]}]},
        "status": {"podIPs": [{"ip": ip}, {"ip": "fd00::1"}], "conditions": [{"type": "Ready", "status": ready}]},
    }


def cluster(*items: dict[str, Any]) -> Any:
    return SimpleNamespace(list=lambda kind, namespace, labels: list(items) if labels == "app=web" else [])


def test_each_row_is_a_behaviour_at_each_door_of_its_own() -> None:
    ids = [at.id for at in (*at_doors(ROWS), *flows_at_doors(ROWS))]

    assert len(ids) == len(set(ids)) > 100
    assert {"selector_edited_shows_at_its_node_port", "selector_edited_moves_udp_flows_at_its_external_ip"} <= set(ids)


def test_rows_that_share_an_id_are_at_different_doors() -> None:
    places = [(row.id, place) for row in ROWS for place in row.faults]

    assert len(places) == len(set(places))


def test_a_field_that_does_not_concern_a_door_has_the_fault_of_being_closed_there() -> None:
    assert ignored("itp", "cluster_ip", lost=("node_port",), back=True) == {
        "cluster_ip": {"itp-edit-ignored-at-cluster-ip", "itp-edit-back-ignored"},
        "node_port": {"edited-service-lost-at-node-port"},
    }


def test_a_pod_is_an_endpoint_of_each_port_that_it_has() -> None:
    assert selected(SERVICE, cluster(pod("10.0.0.1"), pod("10.0.0.2", ready="False"))) == {
        ("10.0.0.1", "stream", "TCP", 8080, True),
        ("10.0.0.1", "datagram", "UDP", 5353, True),
        ("10.0.0.2", "stream", "TCP", 8080, False),
        ("10.0.0.2", "datagram", "UDP", 5353, False),
    }


def test_a_pod_that_is_being_deleted_is_not_ready() -> None:
    endpoints = selected(SERVICE, cluster(pod("10.0.0.1", deletionTimestamp="2026-01-01T00:00:00Z")))

    assert {is_ready for *_, is_ready in endpoints} == {False}


def test_what_pods_say_is_compared_with_what_slices_list() -> None:
    piece = {
        "ports": [{"name": "datagram", "protocol": "UDP", "port": 5353}],
        "endpoints": [{"addresses": ["10.0.0.1"], "conditions": {"ready": True}, "nodeName": "node-a"}],
    }

    assert listed([piece, {"ports": None, "endpoints": None}]) == {("10.0.0.1", "datagram", "UDP", 5353, True)}
    assert nodes_with_endpoint([piece]) == {"node-a"}


def test_a_value_is_chosen_once_in_a_scene() -> None:
    numbers = iter(range(9))
    scene: Any = Scene(
        door=None, workbench=None, echo=None, db=None, nodes=(), fixture=lambda name: lambda: next(numbers)
    )

    first = scene.resolved({"externalIPs": [address("one"), address("two")]})

    assert scene.resolved({"externalIPs": [address("two")], "type": "NodePort"}) == {
        "externalIPs": [first["externalIPs"][1]],
        "type": "NodePort",
    }


def test_what_a_service_had_before_an_edit_is_asked_once_more() -> None:
    has, asked = iter([("old",), ("new",), ("new",)]), []

    def everywhere(service: object, *before: str, **_: object) -> Any:
        asked.append(before)
        return SimpleNamespace(open_doors=next(has), look={})

    look = Watched(door=SimpleNamespace(kind="node port"), everywhere=everywhere, level=MUST)
    for _ in range(3):
        look.is_served_as_it_says(None)

    assert asked == [(), ("old",), ("new",)]


def test_a_service_that_lacks_the_door_at_first_shows_nothing() -> None:
    def everywhere(service: object, **_: object) -> Any:
        return SimpleNamespace(open_doors=(), look={})

    with pytest.raises(Inconclusive):
        Watched(door=SimpleNamespace(kind="node port"), everywhere=everywhere, level=MUST).is_served_as_it_says(None)


@dataclass(frozen=True)
class Cell:
    """A cell that is the same whatever is promised in it."""

    expected: str = field(compare=False)


def test_an_edit_that_changes_nothing_that_is_promised_is_told() -> None:
    promised = iter(["one", "one", "another"])

    def everywhere(service: object, *_: str, **__: object) -> Any:
        return SimpleNamespace(open_doors=("door",), look={Cell(next(promised)): ()})

    look = Watched(door=SimpleNamespace(kind="node port"), everywhere=everywhere, level=MUST)
    told = []
    for _ in range(3):
        look.is_served_as_it_says(None)
        told.append(look.is_unchanged)

    assert told == [False, True, False]

"""Which vantages ask at which doors."""

from dataclasses import replace

import pytest

from svcproof.model.probe import Protocol
from svcproof.model.vocabulary import Capability
from svcproof.promise.doors import Kind
from svcproof.promise.expectation import Where
from svcproof.promise.world import Node, Port
from svcproof.sweep import cells, doors
from tests.promise.scene import CLIENTS, OUTSIDE, POD, SECOND_IP, web, world
from tests.sweep.seen import swept_cells

pytestmark = pytest.mark.timeout(10)


def test_a_service_of_every_kind_of_door_is_asked_at_each_and_at_each_node() -> None:
    scene = world()

    kinds = [(door.kind, door.node) for door in doors(scene, *scene.services)]

    nodes = [(Kind.NODE_PORT, name) for name in ("node-a", "node-b", "node-c")]
    assert kinds == [(Kind.CLUSTER_IP, ""), *nodes, (Kind.LOAD_BALANCER, ""), (Kind.EXTERNAL_IP, "")]


def test_each_port_is_asked_over_its_own_protocol() -> None:
    both = (Port(name="a", port=80), Port(name="b", port=80, protocol=Protocol.UDP))
    scene = world(services=[web(type="ClusterIP", ports=both, ingress=(), external_ips=())])

    assert [str(door.target.protocol) for door in doors(scene, *scene.services)] == ["tcp", "udp"]


@pytest.mark.parametrize("fields", [{"cluster_ips": ("None",)}, {"type": "ExternalName", "cluster_ips": ()}])
def test_what_has_no_address_has_no_door(fields: dict[str, object]) -> None:
    plain = {"type": "ClusterIP", "ingress": (), "external_ips": (), "ports": (Port(port=80),)}
    scene = world(services=[web(**plain | fields)])

    assert doors(scene, *scene.services) == ()


def test_the_name_of_a_load_balancer_is_no_door() -> None:
    scene = world(services=[web(ingress=(replace(web().ingress[0], address="lb.example.com"),))])

    assert Kind.LOAD_BALANCER not in {door.kind for door in doors(scene, *scene.services)}


def test_all_clients_ask_at_all_doors() -> None:
    assert len(swept_cells(world())) == len(CLIENTS) * 6


def test_a_client_without_an_address_of_the_family_does_not_ask_there() -> None:
    scene = world(services=[web(type="ClusterIP", cluster_ips=(SECOND_IP,), ingress=(), external_ips=())])
    old = replace(POD["a"], name="old", addresses=("10.244.1.200",))

    assert {cell.client.name for cell in swept_cells(scene, [POD["a"], old])} == {"pod-a"}


@pytest.mark.parametrize(
    ("capability", "kind"),
    [
        (Capability.SERVICE_ROUTE, Kind.CLUSTER_IP),
        (Capability.LOAD_BALANCER, Kind.LOAD_BALANCER),
        (Capability.EXTERNAL_ADDRESSES, Kind.EXTERNAL_IP),
        (Capability.OUTSIDE_CLIENT, Kind.NODE_PORT),
    ],
)
def test_clients_outside_do_not_ask_where_the_cluster_has_no_way_for_them(capability: Capability, kind: Kind) -> None:
    scene = world()

    asked = cells(scene, [OUTSIDE, POD["a"]], doors(scene, *scene.services), {capability})

    at_kind = {cell.client.where for cell in asked if cell.door.kind is kind}
    assert at_kind == {Where.POD}


def test_node_ports_are_asked_in_the_families_that_the_service_has() -> None:
    scene = world(nodes=(Node(name="node-a", addresses=("10.0.0.1", "fd00::1")),))

    assert not any(":" in door.target.address for door in doors(scene, *scene.services))

"""The UDP ports that clients of a scene keep: one for each target, from the second look on."""

from itertools import count

from svcproof.model.probe import Protocol, Target
from svcproof.model.scenario import Scenario
from svcproof.promise.doors import Kind
from svcproof.replay.binding import Binding
from svcproof.replay.scene import Scene
from svcproof.sweep import Door

SHARED = Target("198.51.100.5", 80, Protocol.UDP)
OWN = Target("10.96.0.10", 80, Protocol.UDP)
DOORS = (
    Door(target=SHARED, kind=Kind.EXTERNAL_IP, service="shop/a"),
    Door(target=SHARED, kind=Kind.LOAD_BALANCER, service="shop/b"),
    Door(target=OWN, kind=Kind.CLUSTER_IP, service="shop/a"),
)


def scene() -> Scene:
    scenario = Scenario.model_validate({"title": "two Services of one address", "objects": [{"kind": "Service"}]})
    return Scene(None, None, scenario, Binding(namespace="shop", words={}), free_ports=count(10000), after=0)  # type: ignore[arg-type]


def test_a_target_of_two_doors_is_asked_from_one_port() -> None:
    played = scene()
    played._ports(DOORS)
    played.after = 1
    ports = played._ports(DOORS)
    assert sorted(door.target.address for door in ports) == ["10.96.0.10", "198.51.100.5"]
    assert len(set(ports.values())) == 2


def test_a_door_that_is_new_is_not_asked_from_a_port_that_was_used() -> None:
    played = scene()
    played._ports(DOORS[:2])
    played.after = 1
    assert [door.target for door in played._ports(DOORS)] == [SHARED]

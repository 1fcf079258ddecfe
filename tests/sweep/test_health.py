"""Health checks in a sweep: the doors where they are asked, and the statuses that differ from what is promised."""

from dataclasses import replace

from svcproof.model.probe import Protocol, Target
from svcproof.promise.doors import Kind
from svcproof.promise.expectation import Answered, Aspect, Client, Expectation, Where
from svcproof.promise.world import Policy, World
from svcproof.sweep.cells import Cell
from svcproof.sweep.doors import Door
from svcproof.sweep.health import Check, health_differences, health_doors, promised_health
from svcproof.sweep.table import table
from tests.promise.scene import web, world

LOCAL = web(external_policy=Policy.LOCAL, health_check_node_port=30100)
WORLD = world("a1", services=[LOCAL])
DOORS = health_doors(LOCAL, world=WORLD)
LOOKER = Client(name="outside-1", where=Where.OUTSIDE, addresses=("172.30.0.21",))


def checks(told_of: World) -> list[Check]:
    open_to_all = Expectation(answered=Answered.OPEN, may=None)
    return [
        Check(Cell(client=LOOKER, door=door, expected=open_to_all), promised_health(told_of, door)) for door in DOORS
    ]


def test_a_service_with_a_health_check_is_asked_at_each_node() -> None:
    assert [(door.kind, door.node, door.target.port) for door in DOORS] == [
        (Kind.HEALTH_CHECK, node.name, 30100) for node in WORLD.nodes
    ]


def test_a_service_without_one_is_not_asked() -> None:
    assert health_doors(replace(LOCAL, health_check_node_port=0), world=WORLD) == ()


def test_what_is_promised_is_no_difference() -> None:
    assert health_differences(checks(WORLD), [200, 503, 503]) == ()


def test_each_status_that_is_not_promised_is_a_difference() -> None:
    found = health_differences(checks(WORLD), [503, 200, 0])
    assert [(each.cell.door.node, each.aspect, each.expected, each.seen) for each in found] == [
        ("node-a", Aspect.HEALTH, "it says 200", "it says 503"),
        ("node-b", Aspect.HEALTH, "it says 503", "it says 200"),
        ("node-c", Aspect.HEALTH, "it says 503", "nobody answers"),
    ]


def test_nobody_answers_at_the_port_of_a_service_that_is_gone() -> None:
    gone = checks(replace(WORLD, services=()))
    assert health_differences(gone, [0, 0, 0]) == ()
    assert len(health_differences(gone, [200, 0, 0])) == 1


def test_a_port_that_has_become_a_node_port_is_left_alone() -> None:
    door = Door(target=Target("172.30.0.11", 30100, Protocol.HTTP), kind=Kind.HEALTH_CHECK, node="node-a")
    port = replace(LOCAL.ports[0], node_port=30100)
    taken = replace(LOCAL, health_check_node_port=0, ports=(port,))
    assert promised_health(replace(WORLD, services=(taken,)), door).statuses is None


def test_the_table_says_what_was_expected_and_seen() -> None:
    asked = checks(WORLD)
    shown = table({check.cell: () for check in asked}, health_differences(asked, [503, 503, 503]))
    assert "health check port" in shown
    assert "expected: it says 200" in shown
    assert "seen:     it says 503" in shown

"""What is a difference between what was seen from everywhere and what the rules promise."""

from dataclasses import replace

import pytest

from svcproof.model.probe import Outcome
from svcproof.promise.doors import Kind
from svcproof.promise.expectation import Aspect
from svcproof.promise.world import Policy
from svcproof.sweep import Cell, differences
from svcproof.sweep.compare import names_of, unreached_groups
from tests.promise.scene import OUTSIDE, POD, endpoints, pod_address, slices, web, world
from tests.sweep.seen import Seen, answered, dropped, look, refused, rightly, swept_cells

pytestmark = pytest.mark.timeout(10)
A1, B1, C1 = ((pod_address(name), 8080) for name in ("a1", "b1", "c1"))


def found(scene, wrong=lambda _: None):
    """The differences, each by who, where and in what."""
    seen = look(swept_cells(scene), wrong)
    return {(each.cell.client.name, each.cell.door.kind, each.aspect) for each in differences(seen, names_of(scene))}


def at(cell: Cell, client: str, kind: Kind) -> bool:
    return (cell.client.name, cell.door.kind) == (client, kind)


@pytest.mark.parametrize("endpoints", ["a1 b1", "a1", "a1-draining", "a1 b1-unready", ""])
@pytest.mark.parametrize("policy", list(Policy))
def test_what_is_as_promised_is_no_difference(endpoints: str, policy: Policy) -> None:
    scene = world(endpoints, services=[web(internal_policy=policy, external_policy=policy)])

    seen = {
        cell: probed if not cell.expected.silence or Outcome.REFUSED in cell.expected.silence else (dropped(cell),)
        for cell, probed in look(swept_cells(scene)).items()
    }

    assert differences(seen, names_of(scene)) == ()


def test_one_vantage_that_is_refused_once_is_the_only_difference() -> None:
    def wrong(cell: Cell) -> Seen | None:
        return (refused(cell), *rightly(cell)[1:]) if at(cell, "pod-b", Kind.CLUSTER_IP) else None

    assert found(world(), wrong) == {("pod-b", Kind.CLUSTER_IP, Aspect.ANSWERED)}


def test_an_answer_by_a_pod_that_is_no_endpoint_is_a_difference() -> None:
    def wrong(cell: Cell) -> Seen | None:
        return (answered(cell, C1), *rightly(cell)) if at(cell, "host-c", Kind.EXTERNAL_IP) else None

    assert found(world("a1 b1"), wrong) == {("host-c", Kind.EXTERNAL_IP, Aspect.BACKENDS)}


def test_an_answer_at_another_port_of_an_endpoint_is_a_difference() -> None:
    def wrong(cell: Cell) -> Seen | None:
        return (answered(cell, (A1[0], 8081)), *rightly(cell)) if at(cell, "pod-a", Kind.LOAD_BALANCER) else None

    assert found(world("a1 b1"), wrong) == {("pod-a", Kind.LOAD_BALANCER, Aspect.BACKENDS)}


def test_an_answer_where_nobody_is_to_answer_is_a_difference() -> None:
    def wrong(cell: Cell) -> Seen | None:
        return (answered(cell, A1),) if at(cell, "pod-b", Kind.CLUSTER_IP) else None

    scene = world("a1", services=[web(internal_policy=Policy.LOCAL)])
    seen = look([cell for cell in swept_cells(scene, [POD["b"]]) if cell.door.kind is Kind.CLUSTER_IP], wrong)

    (difference,) = differences(seen, names_of(scene))
    assert (difference.aspect, difference.expected) == (Aspect.ANSWERED, "nobody answers")
    assert difference.seen == "answered by a1 (1)"


def test_the_address_of_a_node_in_place_of_the_clients_is_a_difference_where_it_is_promised() -> None:
    def wrong(cell: Cell) -> Seen | None:
        is_own = cell.client == OUTSIDE and cell.door.kind is Kind.NODE_PORT and cell.door.node == "node-a"
        return tuple(answered(cell, A1, source="10.0.0.1") for _ in range(6)) if is_own else None

    scene = world("a1", services=[web(external_policy=Policy.LOCAL)])
    seen = look([cell for cell in swept_cells(scene, [OUTSIDE]) if cell.door.node == "node-a"], wrong)

    (difference,) = differences(seen, names_of(scene))
    assert difference.aspect is Aspect.SOURCE
    assert difference.seen == "it sees it come from 10.0.0.1"


def test_an_answer_by_a_backend_that_is_hinted_for_others_is_a_difference_in_preference() -> None:
    def wrong(cell: Cell) -> Seen | None:
        return (answered(cell, C1), *rightly(cell)) if at(cell, "pod-a", Kind.CLUSTER_IP) else None

    zones = {"a1": "east", "c1": "west"}
    hinted = tuple(
        replace(endpoint, zones=frozenset({zones[name]}))
        for name, endpoint in zip(zones, endpoints("a1 c1"), strict=True)
    )
    scene = world(slices=slices("", endpoints=hinted))

    assert found(scene) == set()
    assert found(scene, wrong) == {("pod-a", Kind.CLUSTER_IP, Aspect.PREFERENCE)}


def test_two_backends_of_one_client_are_a_difference_under_session_affinity() -> None:
    scene = world("a1 b1", services=[web(affinity_seconds=100)])
    cluster_ip = [cell for cell in swept_cells(scene, [POD["a"]]) if cell.door.kind is Kind.CLUSTER_IP]

    seen = look(cluster_ip, lambda cell: (answered(cell, A1), answered(cell, B1)))

    assert [each.aspect for each in differences(seen, names_of(scene))] == [Aspect.STICKY]


def test_a_backend_that_nobody_of_a_node_reaches_is_a_difference_there_alone() -> None:
    def wrong(cell: Cell) -> Seen | None:
        is_there = cell.client.node == "node-b" and cell.door.kind is Kind.CLUSTER_IP
        return tuple(answered(cell, A1) for _ in range(6)) if is_there else None

    assert found(world("a1 b1"), wrong) == {
        ("pod-b", Kind.CLUSTER_IP, Aspect.SPREAD),
        ("host-b", Kind.CLUSTER_IP, Aspect.SPREAD),
    }


def test_clients_of_one_node_reach_the_backends_together() -> None:
    def wrong(cell: Cell) -> Seen | None:
        backend = A1 if cell.client.name.startswith("pod") else B1
        return tuple(answered(cell, backend) for _ in range(6)) if cell.client.node == "node-b" else None

    scene = world("a1 b1")
    seen = look([cell for cell in swept_cells(scene) if cell.client.node == "node-b"], wrong)

    assert unreached_groups(seen, names_of(scene)) == ()


def test_the_number_of_the_look_and_the_rule_are_told() -> None:
    scene = world("a1 b1")
    seen = look(swept_cells(scene), lambda cell: (dropped(cell),) if at(cell, "pod-a", Kind.CLUSTER_IP) else None)

    (difference,) = differences(seen, names_of(scene))

    assert difference.expected == "each try is answered by a1 or b1"
    assert difference.seen == "dropped (1)"
    assert difference.rule.name == "cluster_ip_is_served"


def test_where_no_rule_speaks_nothing_is_a_difference() -> None:
    scene = world("a1 b1")
    cell = swept_cells(scene)[0]
    free = replace(cell, expected=replace(cell.expected, rules={}))

    assert differences({free: (refused(free),)}, names_of(scene)) == ()

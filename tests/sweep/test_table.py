"""The table of a sweep that is not as promised, as somebody reads it who sees it for the first time."""

from dataclasses import replace

import pytest

from svcproof.model.behaviour import Level
from svcproof.promise.doors import Kind
from svcproof.promise.expectation import Aspect, Rule
from svcproof.sweep import Cell, differences
from svcproof.sweep.compare import names_of
from svcproof.sweep.table import COLUMNS, table
from tests.promise.scene import pod_address, world
from tests.sweep.seen import Seen, answered, dropped, look, refused, swept_cells

pytestmark = pytest.mark.timeout(10)
TABLE = """\
of 42 cells (7 vantages, 6 doors) 39 are as promised; these are not (ok: as promised; -: not asked):

Service  web        web
door     node port  node port
         at node-a  at node-b
vantage  30080/tcp  30080/tcp
pod-a    A          ok
pod-b    A          ok
outside  ok         B

A  expected: each try is answered by a1 or b1
   seen:     refused (12)
   rule:     A port leads to the ready endpoints, at every node, however many nodes there are, and
             whoever asks there. (MUST)
             https://kubernetes.io/docs/

B  expected: each try is answered by a1 or b1
   seen:     dropped (6)
   rule:     A port leads to the ready endpoints, at every node, however many nodes there are, and
             whoever asks there. (MUST)
             https://kubernetes.io/docs/"""


RULE = Rule(
    name="port_leads_to_endpoints",
    text="A port leads to the ready endpoints, at every node, however many nodes there are, and whoever asks there.",
    clause="https://kubernetes.io/docs/",
    level=Level.MUST,
)


def shown(wrong) -> str:
    """The table of the cells of a Service, whose rules are all this one."""
    scene = world("a1 b1")
    ruled = (
        replace(cell, expected=replace(cell.expected, rules=dict.fromkeys(Aspect, RULE))) for cell in swept_cells(scene)
    )
    seen = look(ruled, wrong)
    return table(seen, differences(seen, names_of(scene)))


def test_only_rows_and_columns_that_differ_are_shown_each_with_what_was_promised() -> None:
    def wrong(cell: Cell) -> Seen | None:
        if cell.door.node == "node-a" and cell.client.name in ("pod-a", "pod-b"):
            return (refused(cell),) * 6
        return (dropped(cell),) * 6 if (cell.door.node, cell.client.name) == ("node-b", "outside") else None

    assert shown(wrong) == TABLE


def test_nothing_but_a_sentence_is_shown_where_all_is_as_promised() -> None:
    assert shown(lambda _: None) == "all of 42 cells (7 vantages, 6 doors) are as promised"


def test_one_row_stands_for_all_vantages_where_they_see_the_same() -> None:
    lines = shown(lambda cell: (refused(cell),) if cell.door.kind is Kind.EXTERNAL_IP else None).splitlines()

    assert "all 7    A" in lines
    assert not any(line.startswith("pod-a") for line in lines)


def test_a_table_is_no_wider_than_a_page() -> None:
    lines = shown(lambda cell: (refused(cell),) if cell.client.name == "pod-a" else None).splitlines()

    assert max(map(len, lines)) <= 120
    assert sum(line.startswith("door ") for line in lines) == 2, f"there are more than {COLUMNS} doors"


def test_a_vantage_that_was_not_asked_at_a_door_is_told_from_one_that_saw_what_was_promised() -> None:
    scene = world("a1 b1")
    asked = [cell for cell in swept_cells(scene) if (cell.client.name, cell.door.kind) != ("outside", Kind.CLUSTER_IP)]
    at = {("pod-a", Kind.CLUSTER_IP), ("outside", Kind.EXTERNAL_IP)}
    seen = look(asked, lambda cell: (refused(cell),) if (cell.client.name, cell.door.kind) in at else None)

    lines = table(seen, differences(seen, names_of(scene))).splitlines()

    assert [line.split() for line in lines if line.startswith(("pod-a", "outside"))] == [
        ["pod-a", "A", "ok"],
        ["outside", "-", "B"],
    ]


def test_what_a_cell_has_wrong_in_two_ways_is_told_by_both_letters() -> None:
    scene = world("a1 b1")
    (cell, *_) = swept_cells(scene)
    seen = {cell: (answered(cell, (pod_address("c1"), 8080)), refused(cell))}

    lines = table(seen, differences(seen, names_of(scene))).splitlines()

    assert "all 1" not in lines
    assert next(line for line in lines if line.startswith("pod-a")).split() == ["pod-a", "A", "B"]


def test_cells_in_which_others_answered_by_chance_have_one_letter() -> None:
    scene = world("a1 b1")
    first, second, *_ = (cell for cell in swept_cells(scene) if cell.door.kind is Kind.CLUSTER_IP)
    stray, other = ((pod_address(name), 8080) for name in ("c1", "c2"))
    seen = {first: (answered(first, stray),), second: (answered(second, other),)}

    text = table(seen, differences(seen, names_of(scene)))

    assert "answered by c1 (1), answered by c2 (1)" in text
    assert "B  expected" not in text

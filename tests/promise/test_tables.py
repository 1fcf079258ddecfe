"""The tables: a client at a target sees what the grid says."""

import pytest

from tests.promise.checking import Check
from tests.promise.deciding import Case
from tests.promise.table import Table
from tests.promise.tables import CHECKED, DECIDED, TABLES


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.title)
def test_the_model_says_what_the_table_says(table: Table):
    assert table.wrong() == []


@pytest.mark.parametrize("case", DECIDED, ids=lambda case: f"{case.client} at {case.target}")
def test_each_aspect_is_decided_by_its_rule(case: Case):
    assert case.wrong() == []


@pytest.mark.parametrize("check", CHECKED, ids=lambda check: check.title)
def test_each_node_is_as_healthy_as_the_table_says(check: Check):
    assert check.wrong() == []


def test_a_wrong_cell_is_seen():
    table = TABLES[0]

    assert Table(table.title, table.world, table.grid.replace("always", "never", 1)).wrong() != []


def test_titles_are_told_apart():
    titles = [table.title for table in TABLES]

    assert len(set(titles)) == len(titles)

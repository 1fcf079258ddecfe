import json

import pytest
from click.testing import CliRunner

from svcproof.cli import main
from svcproof.cli.mutants import as_json_text, described
from svcproof.report.mutants import Catch, Matrix, Pair

CAUGHT = Pair(fault="proxy/a", behaviour="first", declared=True, catch=Catch.CAUGHT)
UNDECLARED = Pair(fault="proxy/a", behaviour="second", declared=False, catch=Catch.CAUGHT)
MISSED = Pair(fault="proxy/b", behaviour="first", declared=True, catch=Catch.MISSED)


def test_the_matrix_is_a_line_a_fault_with_its_misses_and_a_score():
    found = Matrix(("proxy/a", "proxy/b"), (CAUGHT, UNDECLARED, MISSED), ())

    assert described(found).splitlines() == [
        "caught  proxy/a  first",
        "    also caught, undeclared, by second",
        "MISSED  proxy/b  by no declared behaviour",
        "    missed by first",
        "1 of 2 faults caught; 1 of 2 declared pairs",
    ]


def test_the_matrix_as_json_has_every_pair():
    found = json.loads(as_json_text(Matrix(("proxy/a", "proxy/b"), (CAUGHT, MISSED), ())))

    assert found["uncaught"] == ["proxy/b"]
    assert [(one["fault"], one["behaviour"], one["catch"]) for one in found["pairs"]] == [
        ("proxy/a", "first", "caught"),
        ("proxy/b", "first", "missed"),
    ]


def test_an_unknown_fault_is_refused_before_anything_runs():
    told = CliRunner().invoke(main, ["mutants", "--fault", "proxy/affinity-ignord"])

    assert told.exit_code == 4
    assert "did you mean proxy/affinity-ignored" in told.stderr


@pytest.mark.lab
def test_a_real_fault_is_caught_by_the_behaviours_that_declare_it():
    told = CliRunner().invoke(main, ["mutants", "--fault", "proxy/affinity-ignored", "--json"])

    pairs = json.loads(told.stdout)["pairs"]
    assert told.exit_code == 0
    assert {one["catch"] for one in pairs if one["declared"]} == {"caught"}

"""The number of processes that `svcproof run` has where nobody says one."""

import os

import pytest
from click.testing import CliRunner

from svcproof.cli.run import command
from svcproof.declare import catalogue, suites_dir
from svcproof.plugin.keywords import named_by
from svcproof.plugin.processes import MOST, fitting

BEHAVIOURS = catalogue.catalogue(suites_dir())


@pytest.fixture
def two_cpus(monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1})


@pytest.mark.parametrize(("checks", "processes"), [(0, 1), (1, 1), (12, 1), (13, 2), (36, 3), (300, 4), (3000, 4)])
def test_two_processes_share_a_cpu_where_there_are_checks_for_them(two_cpus, checks, processes):
    assert fitting("lab", checks) == processes


@pytest.mark.parametrize("provider", ["kind", "kubeconfig"])
def test_a_cluster_that_all_would_share_has_one(two_cpus, provider):
    assert fitting(provider, 300) == 1


def test_a_large_machine_has_no_more_than_pay(monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(64)))

    assert fitting("lab", 3000) == MOST


@pytest.mark.parametrize(
    ("expression", "some"),
    [
        ("cluster_ip_reaches", lambda id_: "cluster_ip_reaches" in id_),
        ("node_port and not deleted", lambda id_: "node_port" in id_ and "deleted" not in id_),
        ("", lambda id_: True),
    ],
)
def test_an_expression_names_behaviours_before_they_are_collected(expression, some):
    named = {behaviour.id for behaviour in named_by(expression, BEHAVIOURS)}

    # The words count in the name of the area, too.
    assert {id_ for id_ in named if some(id_)} == {behaviour.id for behaviour in BEHAVIOURS if some(behaviour.id)}
    assert named


@pytest.mark.parametrize(("said", "number"), [([], 0), (["--workers", "auto"], 0), (["--workers", "3"], 3)])
def test_the_number_is_the_users_or_is_found(said, number):
    assert command.make_context("run", said).params["workers"] == number


@pytest.mark.parametrize("said", ["0", "65", "-1", "many", ""])
def test_what_is_no_number_of_processes_is_refused(said):
    ended = CliRunner().invoke(command, ["--workers", said])

    assert ended.exit_code == 2
    assert "--workers" in ended.output

import json
import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

from svcproof.cli import main
from svcproof.declare import suites_dir
from svcproof.declare.catalogue import catalogue
from svcproof.errors import ProbeError, UsageError

COMMANDS = main.list_commands(click.Context(main))


@pytest.fixture
def svcproof():
    def run(*arguments):
        return CliRunner().invoke(main, arguments, prog_name="svcproof")

    return run


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_every_command_has_an_example(svcproof, command):
    told = svcproof(command, "--help")

    assert told.exit_code == 0
    assert f"Example: svcproof {command}" in told.output


@pytest.mark.parametrize("words", [["lst"], ["run", "--clustr", "lab"], ["run", "--profile", "some"], ["recheck"]])
def test_wrong_usage_exits_4(svcproof, words):
    assert svcproof(*words).exit_code == 4


def test_an_unknown_command_is_told_with_the_near_one(svcproof):
    assert "no command 'lst' (did you mean list" in svcproof("lst").output


HELP = """
import atexit, sys
from svcproof.cli import main
atexit.register(lambda: print(*sys.modules, file=sys.stderr))
main(["--help"])
"""


def test_help_loads_nothing_heavy():
    done = subprocess.run([sys.executable, "-c", HELP], capture_output=True, text=True)

    assert "Commands:" in done.stdout
    assert {"pytest", "pydantic", "aiohttp", "rich", "yaml"}.isdisjoint(done.stderr.split())


@pytest.mark.parametrize(("error", "code"), [(UsageError(["one", "two"]), 4), (ProbeError("one\ntwo"), 3)])
def test_an_error_of_ours_is_a_message_without_a_traceback(svcproof, monkeypatch, error, code):
    def refuse():
        raise error

    monkeypatch.setattr(main, "get_command", lambda ctx, name: click.Command("list", callback=refuse))

    told = svcproof("list")

    assert (told.exit_code, told.stderr) == (code, "Error: one\ntwo\n")


def test_an_interrupt_exits_2(svcproof, monkeypatch):
    def interrupt():
        raise KeyboardInterrupt

    monkeypatch.setattr(main, "get_command", lambda ctx, name: click.Command("list", callback=interrupt))

    assert svcproof("list").exit_code == 2


def test_list_has_a_line_for_every_behaviour(svcproof):
    known = catalogue(suites_dir())

    lines = svcproof("list").output.splitlines()

    assert [line.split()[3] for line in lines] == [one.id for one in known]


def test_list_as_json_says_all_there_is_to_know_without_a_cluster(svcproof):
    told = json.loads(svcproof("list", "--area", "cluster_ip", "--json").output)

    assert {one["area"] for one in told} == {"cluster_ip"}
    assert {key for one in told for key in one} == {
        "id",
        "area",
        "level",
        "by",
        "kep",
        "since",
        "beta",
        "binding",
        "requirement",
        "source",
        "because",
        "otherwise",
        "requires",
        "faults",
    }


def test_list_has_what_all_options_select(svcproof):
    told = json.loads(
        svcproof("list", "--kep", "2086,1669", "--level", "must", "--area", "traffic_policy", "--json").output
    )

    assert {(one["kep"], one["level"], one["area"]) for one in told} == {
        (2086, "MUST", "traffic_policy"),
        (1669, "MUST", "traffic_policy"),
    }


def test_list_groups_by_enhancement(svcproof):
    lines = svcproof("list", "--group-by", "kep", "--kep", "2447,1959").output.splitlines()

    assert [line for line in lines if not line.startswith("  ")] == [
        "KEP-1959 Load balancer class: 1",
        "KEP-2447 service-proxy-name label: 6",
    ]
    assert len(lines) == 9


def test_list_of_nothing_says_so(svcproof):
    told = svcproof("list", "--area", "dns", "--feature", "sctp")

    assert (told.exit_code, told.stdout) == (5, "")
    assert "no behaviour was selected" in told.stderr


def test_list_refuses_an_unknown_area(svcproof):
    told = svcproof("list", "--area", "cluster-ip")

    assert told.exit_code == 4
    assert "unknown area 'cluster-ip' (did you mean cluster_ip?)" in told.output

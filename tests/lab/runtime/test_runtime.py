"""The runtime in namespaces of its own: a scenario is run there once, and its findings are looked at."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from svcproof.lab.process import init
from svcproof.lab.process.requirements import namespaces

pytestmark = pytest.mark.lab

SCENARIO = Path(__file__).with_name("scenario.py")
ROOTLESS = ("unshare", "--user", "--map-root-user", *namespaces()[1:])


def run(prefix: tuple[str, ...], directory: Path) -> dict[str, Any]:
    command = [*prefix, sys.executable, init.__file__, sys.executable, str(SCENARIO), str(directory)]
    lifeline, held = os.pipe()
    try:
        ran = subprocess.run(command, stdin=lifeline, capture_output=True, text=True, timeout=60)
    finally:
        os.close(held)
        os.close(lifeline)
    return dict(json.loads(ran.stdout or pytest.fail(ran.stderr)))


@pytest.fixture(scope="module", params=[namespaces(), ROOTLESS], ids=["as we are", "in a user namespace"])
def found(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return run(request.param, tmp_path_factory.mktemp("runtime"))


def test_a_program_gets_its_arguments_and_nothing_but_its_environment(found: dict[str, Any]):
    assert found["environment"] == "A=b\nPATH=/usr/bin:/bin\nPWD=/\n"


def test_a_program_is_the_first_process_of_its_own_machine(found: dict[str, Any]):
    assert found["processes"] == ["1", "web"]


def test_files_and_directories_appear_where_the_machine_has_nothing(found: dict[str, Any]):
    assert found["mounted"] == "from the lab\nfile\nfile\n"


def test_the_machines_own_directories_are_read_only_and_tmp_is_private(found: dict[str, Any]):
    assert found["written"] == "/tmp/x\n/x\n"
    assert not Path("/x").exists()


def test_a_python_program_finds_the_interpreter_as_if_new(found: dict[str, Any]):
    warm = found["python"]
    assert warm["argv"] == ["-c", "one", "two"]
    assert warm["environment"] == {"A": "b", "PATH": "/usr/bin:/bin"}
    assert warm["pid"] == 1
    assert warm["ours"] == []
    assert warm["seen"] == ["A=b", "PATH=/usr/bin:/bin"]


def test_a_directory_with_a_main_program_runs_and_imports_its_neighbours(found: dict[str, Any]):
    assert found["directory"] == "neighbour ['--option'] __main__\n"


def test_a_python_program_that_raises_ends_with_1_and_its_own_traceback(found: dict[str, Any]):
    code, said = found["traceback"]
    assert code == 1
    assert said.splitlines()[0] == "Traceback (most recent call last):"
    assert "forkserver" not in said
    assert said.splitlines()[-1] == "ZeroDivisionError: division by zero"


def test_exit_codes_and_signals_come_back(found: dict[str, Any]):
    assert found["exit"] == 7
    assert found["sys.exit"] == 3
    assert found["killed"] == 137


def test_a_program_that_is_not_there_is_named(found: dict[str, Any]):
    assert found["not there"] == 'exec: "no-such-program": executable file not found in $PATH'


def test_another_process_shares_the_containers_machine(found: dict[str, Any]):
    assert found["executed"] == [5, "web\nfrom the lab\n"]


def test_nothing_can_be_executed_in_a_container_that_ended(found: dict[str, Any]):
    assert found["too late"] == "the container is not running"


def test_when_the_first_process_ends_so_do_the_others(found: dict[str, Any]):
    assert found["orphan"] == 137


def test_everything_ends_with_the_runtime(found: dict[str, Any]):
    assert found["left"] == []

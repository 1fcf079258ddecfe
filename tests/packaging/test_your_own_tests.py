"""Tests of a user's own, in a repository of their own, with svcproof installed from its wheel."""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from svcproof.binaries.cache import cache
from svcproof.lab.process.requirements import environment
from tests.docs.terminal import Terminal
from tests.docs.test_commands import INSTALLED, follow

pytestmark = pytest.mark.programs

BEHAVIOUR = '''
from svcproof import MUST, PROXY, answered, behaviour, eventually


@behaviour(spec="https://example.org/clause", level=MUST, by=PROXY)
def test_{name}(echo, client):
    """A requirement of mine."""
    service = echo.service()
    assert eventually(lambda: client.tcp(service.at_cluster_ip(80)), answered).sources == {{"192.0.2.1"}}
'''


def svcproof(programs: Path, cwd: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([programs / "svcproof", *words], cwd=cwd, capture_output=True, text=True, check=False)


def write(path: Path, *names: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(BEHAVIOUR.format(name=name) for name in names))
    return path


def areas(programs: Path, cwd: Path, *suites: str) -> dict[str, str]:
    options = [word for suite in suites for word in ("--suite", suite)]
    listed = svcproof(programs, cwd, "list", "--json", *options)
    assert listed.returncode == 0, listed.stderr
    return {behaviour["id"]: behaviour["area"] for behaviour in json.loads(listed.stdout)}


@pytest.mark.lab
@pytest.mark.timeout(600)
def test_the_page_for_users_does_what_it_says(programs: Path, tmp_path: Path) -> None:
    variables = environment()
    variables |= {
        "PATH": f"{programs}:{variables['PATH']}",
        "XDG_STATE_HOME": str(tmp_path / "state"),
        "XDG_CACHE_HOME": str(cache().parent),
        "HOME": str(tmp_path),
    }
    folder = tmp_path / "repository"
    folder.mkdir()
    terminal = Terminal(folder, variables)
    try:
        follow(INSTALLED, terminal, folder)
    finally:
        terminal.close()


def test_the_area_is_the_folder_or_where_that_says_nothing_the_file(programs: Path, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").touch()
    write(tmp_path / "test_ports.py", "at_the_top")
    write(tmp_path / "tests/test_ports_of_tests.py", "in_tests")
    write(tmp_path / "tests/billing/test_it.py", "in_a_folder")

    listed = areas(programs, tmp_path, ".")

    assert listed == {"at_the_top": "ports", "in_tests": "ports_of_tests", "in_a_folder": "billing"}


def test_own_suites_replace_the_builtin_ones_unless_these_are_named_too(programs: Path, tmp_path: Path) -> None:
    write(tmp_path / "a/test_ports.py", "mine")
    write(tmp_path / "b/other_test.py", "too")

    assert areas(programs, tmp_path, "a/test_ports.py", "b") == {"mine": "a", "too": "b"}
    assert {"mine", "node_port_serves_udp"} <= areas(programs, tmp_path, "builtin", "a").keys()


def test_every_mistake_in_suites_is_told_at_once(programs: Path, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").touch()

    words = ["--suite", "nine", "--suite", "a/test_ports.py::test_mine", "--suite", "notes.txt"]
    told = [svcproof(programs, tmp_path, command, *words) for command in ("run", "list")]

    for ended in told:
        assert ended.returncode == 4
        assert "--suite nine: there is no such file or folder" in ended.stderr
        assert "say --suite a/test_ports.py -k mine" in ended.stderr
        assert "--suite notes.txt: is not a folder and not a Python file" in ended.stderr


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("def test_plain(): pass\n", "--suite mine: there is no test in it that @behaviour declares"),
        (
            "import nothing_of_that_name\n",
            "test_it.py: ModuleNotFoundError: No module named 'nothing_of_that_name'",
        ),
        (BEHAVIOUR.format(name="mine").replace('"""', "# "), "behaviour 'mine' has no docstring"),
        (BEHAVIOUR.format(name="node_port_serves_udp"), "'node_port_serves_udp' is defined twice: "),
    ],
    ids=["plain", "broken", "mute", "clash"],
)
def test_a_suite_that_cannot_be_run_is_refused(programs: Path, tmp_path: Path, text: str, message: str) -> None:
    write(tmp_path / "mine/test_it.py").write_text(text)

    refused = svcproof(programs, tmp_path, "run", "--suite", "mine")

    assert refused.returncode == 4
    assert message in refused.stderr
    assert "Traceback" not in refused.stderr


def test_the_projects_conftest_is_heeded_and_its_settings_are_not(programs: Path, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.pytest.ini_options]\naddopts = '--no-such-option'\n")
    (tmp_path / "conftest.py").write_text(
        "import sys\nfrom pathlib import Path\nsys.path.append(str(Path(__file__).parent / 'src'))\n"
    )
    (tmp_path / "src").mkdir()
    (tmp_path / "src/ours.py").write_text("PORT = 80\n")
    write(tmp_path / "tests/services/test_it.py", "mine")
    with (tmp_path / "tests/services/test_it.py").open("a") as file:
        file.write("from ours import PORT\n")

    assert areas(programs, tmp_path, "tests") == {"mine": "services"}


@pytest.mark.lab
@pytest.mark.parametrize(
    "words", [("svcproof", "run", "--suite", "mine"), ("pytest", "mine"), ("pytest", "mine", "-n", "1")], ids=" ".join
)
def test_the_line_that_runs_a_behaviour_again_does(programs: Path, tmp_path: Path, words: tuple[str, ...]) -> None:
    write(tmp_path / "mine/test_it.py", "holds", "holds_too")
    variables = os.environ | {"PATH": f"{programs}:{os.environ['PATH']}"}

    def printed(command: str) -> str:
        ended = subprocess.run(
            command, shell=True, cwd=tmp_path, env=variables, capture_output=True, text=True, check=False
        )
        assert ended.returncode == 1, ended.stdout + ended.stderr
        return ended.stdout

    lines = re.findall(r"again: (.*)", printed(" ".join(words)))
    again = printed(lines[0])

    assert len(lines) == 2
    assert re.findall(r"again: (.*)", again) == lines[:1]


def test_collecting_nothing_explains_itself(programs: Path, tmp_path: Path) -> None:
    def last(*words: str) -> str:
        command = [programs / "pytest", "--svcproof-proxy", "reference", *words]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False).stdout

    assert "no behaviour was collected here: to run svcproof's own, `svcproof run`, or" in last()
    assert "no behaviour was collected here" not in last("--pyargs", "svcproof.suites", "--co", "-k", "node_port")

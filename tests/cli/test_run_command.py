import os
import signal
import subprocess
import sys
import time
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner

from svcproof.cli import main
from svcproof.declare import suites_dir
from svcproof.declare.catalogue import catalogue
from svcproof.report import runfile

pytestmark = pytest.mark.programs

SVCPROOF = [sys.executable, "-c", "from svcproof.cli import main; main(prog_name='svcproof')"]
SMALL = ("--cluster", "lab-single-node")


def test_every_mistake_is_told_at_once_before_anything_is_made(tmp_path):
    proxy = tmp_path / "mine.yaml"
    proxy.write_text("install: {program: {commands: [mine]}}\n")

    told = CliRunner().invoke(
        main,
        ["run", "--cluster", "lib", "--proxy", str(proxy), "--area", "node-port", "--fault", "proxy/affinity-ignord"],
    )

    assert told.exit_code == 4
    for part in (
        "unknown cluster 'lib' (did you mean lab?)",
        f"{proxy}:1:21: install.program.commands: unknown key (did you mean command?)",
        "unknown area 'node-port' (did you mean node_port?)",
        "unknown fault 'proxy/affinity-ignord' (did you mean proxy/affinity-ignored",
    ):
        assert part in told.stderr


def test_a_deviation_from_no_behaviour_is_refused(tmp_path):
    proxy = tmp_path / "mine.yaml"
    proxy.write_text(
        "install: {program: {command: [mine]}}\n"
        "deviations: [{behaviour: never_heard_of, why: because, url: 'https://example.org'}]\n"
    )

    told = CliRunner().invoke(main, ["run", "--cluster", "lab", "--proxy", str(proxy)])

    assert told.exit_code == 4
    assert "documents a deviation from 'never_heard_of', which is no behaviour" in told.stderr


@pytest.fixture
def one():
    """The id of a core behaviour of ClusterIPs."""
    return next(one.id for one in catalogue(suites_dir()) if one.core and one.area == "cluster_ip")


@pytest.mark.lab
def test_settings_of_whoever_calls_it_have_no_say(tmp_path):
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --no-such-option\n")
    (tmp_path / "conftest.py").write_text("raise RuntimeError\n")

    done = subprocess.run(
        [*SVCPROOF, "run", "-k", "no_behaviour_of_this_name"],
        cwd=tmp_path,
        env=os.environ | {"PYTEST_ADDOPTS": "--nor-this", "PYTEST_PLUGINS": "nor_this"},
        capture_output=True,
        text=True,
    )

    assert (done.returncode, done.stderr) == (5, "no behaviour was selected; see svcproof list\n")


@pytest.mark.lab
def test_a_run_leaves_results_and_a_link_to_the_latest(tmp_path, one):
    done = subprocess.run([*SVCPROOF, "run", *SMALL, "-k", one], cwd=tmp_path, capture_output=True, text=True)

    assert (done.returncode, done.stderr) == (0, "")
    assert "1 of 1 core behaviours could be shown here." in done.stdout
    run = runfile.load(tmp_path / "results/latest")
    assert [fact.id for fact in run.facts] == [one]
    assert ET.parse(tmp_path / "results/latest/junit.xml").getroot().get("tests") == "1"


@pytest.mark.lab
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_leaves_complete_results_and_no_lab(tmp_path, number):
    with subprocess.Popen(
        [*SVCPROOF, "run", *SMALL, "--area", "cluster_ip", "--results", str(tmp_path / "results")],
        stdout=subprocess.PIPE,
    ) as process:
        _await_fact(tmp_path / "results/run.jsonl")
        process.send_signal(number)
        process.wait(timeout=60)

    run = runfile.load(tmp_path / "results")
    assert (process.returncode, run.finished.why) == (2, "interrupted")
    root = ET.parse(tmp_path / "results/junit.xml").getroot()
    assert int(root.get("tests")) == len(run.behaviours) + 1
    assert not [one for one in _labs() if one.startswith(f"{process.pid}-")]


def _await_fact(path):
    while not path.exists() or '"finding": "confirmed"' not in path.read_text():
        time.sleep(0.05)


def _labs():
    from svcproof.ledger import scratch

    return [one.name for one in scratch.base().glob("*-*")]


@pytest.mark.parametrize("workers", ["1", "2"])
@pytest.mark.timeout(60)
def test_a_wrong_expression_is_refused_before_anything_is_made(tmp_path, workers):
    command = [*SVCPROOF, "run", "-k", "a and", "--workers", workers, "--shard", "3/2"]
    ended = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)

    assert (ended.returncode, ended.stdout) == (4, "")
    assert "-k 'a and': at column 6" in ended.stderr
    assert "--shard must look like 2/5" in ended.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("workers", ["1", "2"])
@pytest.mark.timeout(120)
def test_a_suite_that_cannot_be_collected_is_refused_before_anything_is_made(tmp_path, workers):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/test_mine.py").write_text(
        "import pytest\n"
        "from svcproof import *\n"
        "@pytest.mark.no_such_mark\n"
        "@behaviour(spec='https://example.org', level=SHOULD, by=PROXY)\n"
        "def test_mine(echo):\n"
        '    """Holds."""\n'
    )
    command = [*SVCPROOF, "run", "--suite", "mine", "-k", "mine", "--workers", workers]
    ended = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)

    assert ended.returncode == 4, ended.stdout + ended.stderr
    assert "no_such_mark" in ended.stderr
    assert not (tmp_path / "results").exists()


@pytest.mark.timeout(120)
def test_an_interrupt_while_suites_are_read_names_no_line_of_code(tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/test_mine.py").write_text(
        "import sys\n"
        "from svcproof import *\n"
        "if 'svcproof.cli.run' in sys.modules:\n"
        "    raise KeyboardInterrupt\n"
        "@behaviour(spec='https://example.org', level=SHOULD, by=PROXY)\n"
        "def test_mine(echo):\n"
        '    """Holds."""\n'
    )
    command = [*SVCPROOF, "run", "--suite", "mine"]
    ended = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)

    assert ended.returncode == 2
    assert not (ended.stdout + ended.stderr).strip()

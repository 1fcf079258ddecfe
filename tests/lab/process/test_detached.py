"""`svcproof lab up --detach` and `svcproof lab down`, as scripts use them."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from svcproof.errors import UsageError
from svcproof.lab.process import detached
from svcproof.lab.process.background import ENDED_EARLY

pytestmark = pytest.mark.timeout(180)
SVCPROOF = (sys.executable, "-c", "from svcproof.cli import main; main()")
SINGLE = ("--cluster", "lab-single-node", "--proxy", "none")


@dataclass(frozen=True)
class Script:
    """Runs svcproof in a folder, with directories for temporary files and state of its own."""

    folder: Path

    @property
    def variables(self) -> dict[str, str]:
        here = str(self.folder)
        root = str(Path(__file__).parents[3] / "harness")
        return {**os.environ, "TMPDIR": here, "XDG_STATE_HOME": f"{here}/state", "PYTHONPATH": root}

    def run(self, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
        variables = {**self.variables, **more}
        return subprocess.run(
            [*SVCPROOF, *words], cwd=self.folder, env=variables, capture_output=True, text=True, timeout=120
        )

    def up(self, *words: str) -> subprocess.CompletedProcess[str]:
        return self.run("lab", "up", "--detach", *SINGLE, *words)

    def keeper(self) -> int:
        (lab,) = self.labs()
        pid: int = json.loads((lab / "lab.json").read_text())["harness"]["pid"]
        return pid

    def labs(self) -> list[Path]:
        return list(self.folder.glob("svcproof-*/*"))

    def logs(self) -> list[Path]:
        return list(self.folder.glob("state/svcproof/labs/*.log"))


@pytest.fixture
def script(short_path: Path) -> Iterator[Script]:
    made = Script(short_path)
    yield made
    for lab in made.labs():
        pid = json.loads((lab / "lab.json").read_text())["harness"]["pid"]
        if Path(f"/proc/{pid}").exists():
            os.kill(pid, signal.SIGTERM)
    made.run("clean")


@pytest.mark.lab
def test_it_returns_when_the_lab_is_up_and_down_removes_all_of_it(script: Script):
    up = script.up("--kubeconfig", "lab.yaml")

    assert up.returncode == 0, up.stderr
    assert "export KUBECONFIG=" + str(script.folder / "lab.yaml") in up.stdout
    assert json.loads((script.folder / "lab.yaml").read_text())["kind"] == "Config"
    assert script.run("lab", "exec", "node-a", "true", KUBECONFIG="lab.yaml").returncode == 0
    assert "nothing was left behind" in script.run("clean").stdout

    down = script.run("lab", "down", "--kubeconfig", "lab.yaml")

    assert down.returncode == 0, down.stderr
    assert script.labs() == script.logs() == []
    assert not os.path.lexists(script.folder / "lab.yaml")


@pytest.mark.lab
def test_among_several_the_one_that_is_named_goes(script: Script):
    script.up("--kubeconfig", "one.yaml")
    script.up("--kubeconfig", "two.yaml")

    unnamed = script.run("lab", "down", KUBECONFIG="")
    assert unnamed.returncode == 4
    assert "2 detached labs run here; say which:" in unnamed.stderr

    assert script.run("lab", "down", "--kubeconfig", "two.yaml").returncode == 0
    assert (script.folder / "one.yaml").exists()
    assert not (script.folder / "two.yaml").exists()
    assert script.run("lab", "down").returncode == 0


@pytest.mark.lab
def test_a_lab_whose_keeper_was_killed_is_cleaned_and_its_path_is_free_again(script: Script):
    script.up("--kubeconfig", "lab.yaml")
    os.kill(script.keeper(), signal.SIGKILL)

    assert script.run("lab", "down").returncode == 4
    assert "removed the lab" in script.run("clean").stdout
    assert script.labs() == []
    assert script.up("--kubeconfig", "lab.yaml").returncode == 0
    assert len(script.logs()) == 1
    assert script.run("lab", "down").returncode == 0


@pytest.mark.lab
def test_a_lab_that_ends_by_itself_leaves_the_reason_in_its_log(script: Script):
    script.up()
    (lab,) = script.labs()
    os.kill(json.loads((lab / "lab.json").read_text())["lab"]["pid"], signal.SIGKILL)

    (log,) = script.logs()
    deadline = time.monotonic() + 30
    while "was killed by SIGKILL" not in log.read_text() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert "the lab was killed by SIGKILL" in log.read_text()


@pytest.mark.lab
def test_a_keeper_that_is_ended_before_its_lab_is_up_is_no_success(script: Script):
    command = [*SVCPROOF, "lab", "up", "--detach", *SINGLE]
    with subprocess.Popen(command, env=script.variables, stdout=subprocess.PIPE, text=True) as started:
        assert started.stdout
        assert "making a lab" in started.stdout.readline()
        started.send_signal(signal.SIGTERM)
        assert started.wait(60) == ENDED_EARLY

    assert script.labs() == []


@pytest.mark.lab
def test_a_proxy_that_does_not_come_up_is_told_in_the_foreground_and_leaves_no_lab(script: Script):
    (script.folder / "broken.yaml").write_text("install: {program: {command: [sh, -c, 'echo my own words; exit 3']}}")
    up = script.run("lab", "up", "--detach", "--proxy", "./broken.yaml", "--kubeconfig", "lab.yaml")

    assert up.returncode == 3
    assert "my own words" in up.stderr
    assert script.labs() == script.logs() == []
    assert not os.path.lexists(script.folder / "lab.yaml")


@pytest.mark.lab
def test_nothing_that_the_script_has_open_is_held_on_to(script: Script):
    receiving, sending = os.pipe()
    command = [*SVCPROOF, "lab", "up", "--detach", *SINGLE]
    subprocess.run(command, env=script.variables, capture_output=True, timeout=120, pass_fds=[sending], check=True)
    os.close(sending)

    assert os.read(receiving, 1) == b""
    os.close(receiving)


def test_what_is_wrong_is_told_with_its_exit_code_and_nothing_is_made(script: Script):
    (script.folder / "mine").write_text("")
    wrong = {
        ("--kubeconfig", "mine"): "it exists and is not a lab's",
        ("--kubeconfig", "no/such"): "no file can be written in",
        ("--fault", "nobody/knows"): "nobody",
    }

    for words, message in wrong.items():
        ended = script.up(*words)
        assert ended.returncode == 4
        assert message in ended.stderr
    assert script.labs() == []
    assert (script.folder / "mine").read_text() == ""


def test_without_a_detached_lab_there_is_nothing_to_take_down(script: Script):
    down = script.run("lab", "down")

    assert down.returncode == 4
    assert "no detached lab runs here: bring one up with `svcproof lab up --detach`" in down.stderr


def test_a_link_that_leads_elsewhere_is_not_a_labs(tmp_path: Path):
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")

    with pytest.raises(UsageError, match="not a lab's"):
        detached.check_free(tmp_path / "link")

import json
import signal
import ssl
import subprocess
import sys
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest

NOT_OF_THE_LAB = ("model", "declare", "agent", "wait", "report", "providers", "plugin", "cli", "kubernetes")
MODULES = "import atexit, runpy, sys; atexit.register(lambda: print('modules:', *sys.modules)); "
MAIN = MODULES + "runpy.run_module('svcproof.lab', run_name='__main__', alter_sys=True)"
PROCESS = MODULES + "import svcproof.lab.assembly"


def others(output: str) -> list[str]:
    """Modules of the harness that a lab should do without, of those that were loaded."""
    loaded = output.rpartition("modules:")[2].split()
    assert "svcproof.lab" in loaded
    return [name for name in loaded if name.startswith(tuple(f"svcproof.{part}" for part in NOT_OF_THE_LAB))]


def ask(kubeconfig: Path, path: str) -> Any:
    """Send a GET request to the API server that a kubeconfig leads to."""
    config = json.loads(kubeconfig.read_text())
    cluster, user = config["clusters"][0]["cluster"], config["users"][0]["user"]
    authority = b64decode(cluster["certificate-authority-data"]).decode()
    request = Request(f"{cluster['server']}{path}", headers={"Authorization": f"Bearer {user['token']}"})
    with urlopen(request, context=ssl.create_default_context(cadata=authority), timeout=20) as answer:
        return json.load(answer)


@pytest.fixture
def lab() -> Iterator["subprocess.Popen[str]"]:
    command = (sys.executable, "-c", MAIN, "--nodes", "3", "--outside", "0")
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        yield process
        process.kill()


@pytest.mark.lab
def test_a_lab_comes_up_without_a_declaration_and_ends_on_ctrl_c(lab: "subprocess.Popen[str]") -> None:
    assert lab.stdout is not None
    line = next(line for line in lab.stdout if "export KUBECONFIG=" in line)
    kubeconfig = Path(line.strip().removeprefix("export KUBECONFIG="))

    nodes = [node["metadata"]["name"] for node in ask(kubeconfig, "/api/v1/nodes")["items"]]
    lab.send_signal(signal.SIGINT)
    output, _ = lab.communicate(timeout=30)

    assert nodes == ["node-a", "node-b", "node-c"]
    assert lab.returncode == 0
    assert "the lab is gone" in output
    assert not kubeconfig.parent.exists()
    assert others(output) == []


def test_the_process_of_a_lab_does_without_the_rest_of_the_harness() -> None:
    ran = subprocess.run((sys.executable, "-c", PROCESS), capture_output=True, text=True, timeout=60, check=True)

    assert others(ran.stdout) == []


@pytest.mark.parametrize("count", ["0", "27", "many"])
def test_a_number_of_nodes_that_a_lab_cannot_have_is_refused(count: str) -> None:
    command = (sys.executable, "-m", "svcproof.lab", "--nodes", count)
    ran = subprocess.run(command, capture_output=True, text=True, timeout=60)

    assert ran.returncode == 2
    assert "--nodes" in ran.stderr

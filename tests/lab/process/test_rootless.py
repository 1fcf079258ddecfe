"""A lab of somebody who is not root, with a proxy in it."""

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

pytestmark = pytest.mark.lab

CHECKOUT = Path(__file__).parents[3]
NOBODY = 65534
SCENARIO = """
import os
from harness import declare
from harness.providers import lab

spec, proxy = declare.cluster("lab-single-node"), declare.proxy("reference")
with lab.up(spec, proxy, faults=(), progress=lambda step: None) as cluster:
    dial = "import socket; socket.create_connection(('10.96.0.1', 443), 5)"
    places = [cluster.node_shell("node-a"), cluster.outside[0].shell]
    codes = [place.run(("python3", "-c", dial), 20).code for place in places]
    agent = cluster.outside[0].channel.ask("/environment", b"{}", 5)
    print(os.getuid(), codes, "POD_NAME" in agent.decode(), cluster.proxy_trouble() or "no trouble")
"""


def as_nobody(*command: str) -> subprocess.CompletedProcess[str]:
    """Run a command without any privilege, with the modules of this Python."""
    modules = f"{CHECKOUT}:{sysconfig.get_path('purelib')}"
    drop = ("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups") if os.getuid() == 0 else ()
    # setpriv itself can still read root's files, so it is a shell that finds out what nobody can run.
    drop = (*drop, "sh", "-c", 'exec "$@"', "sh")
    environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": modules, "PYTHONDONTWRITEBYTECODE": "1", "HOME": "/"}
    return subprocess.run([*drop, *command], env=environment, cwd="/", capture_output=True, text=True, timeout=100)


@pytest.fixture(scope="module")
def python() -> str:
    """A Python of our version that somebody else may run: this one can be in root's own folders."""
    for path in (sys.executable, f"/usr/bin/python3.{sys.version_info.minor}"):
        try:
            if as_nobody(path, "-c", "import harness, aiohttp, cryptography").returncode == 0:
                return path
        except OSError:
            continue
    return pytest.skip("this Python, or the checkout, cannot be read by anybody but its owner")


def test_a_lab_needs_no_root(python: str):
    ran = as_nobody(python, "-c", SCENARIO)

    uid = NOBODY if os.getuid() == 0 else os.getuid()
    assert ran.stdout == f"{uid} [0, 0] True no trouble\n", ran.stderr

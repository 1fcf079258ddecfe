"""What the programs of a lab can do to the machine: they try it, as root's and as somebody else's."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from svcproof.lab.network import wiring
from svcproof.lab.process.launch import Lab
from tests.lab import attempts
from tests.lab.process.nobody import as_nobody

pytestmark = pytest.mark.lab

SCENARIO = """
import json, sys
from svcproof import declare
from svcproof.providers import lab

attempts, *more = sys.argv[1:]
with lab.up(declare.cluster("lab-single-node"), None, faults=(), progress=lambda step: None) as cluster:
    files = cluster.lab.directory
    places = {"node": cluster.node_shell("node-a"), "outside": cluster.outside[0].shell}
    outcome = {}
    for name, shell in places.items():
        ran = shell.run((sys.executable, attempts, str(files.path)), 60)
        outcome[name] = {"stderr": ran.stderr.decode(), **json.loads(ran.stdout or b"{}")}
    print(json.dumps(outcome))
"""


@pytest.fixture(scope="module", params=["root", "nobody"])
def outcome(request: pytest.FixtureRequest, python: str) -> dict[str, Any]:
    if request.param == "nobody":
        ran = as_nobody(python, "-c", SCENARIO, attempts.__file__)
    elif os.getuid() == 0:
        command = [sys.executable, "-c", SCENARIO, attempts.__file__]
        ran = subprocess.run(command, capture_output=True, text=True, timeout=100)
    else:
        pytest.skip("only root can run a lab as root")
    return dict(json.loads(ran.stdout or pytest.fail(ran.stderr)))


@pytest.mark.parametrize("place", ["node", "outside"])
def test_a_program_changes_nothing_of_the_machine_and_learns_no_secret(outcome: dict[str, Any], place: str):
    assert outcome[place]["succeeded"] == [], outcome[place]["stderr"]


def test_a_program_has_namespaces_of_its_own(outcome: dict[str, Any]):
    ours = {name: str(Path("/proc/self/ns", name).readlink()) for name in outcome["node"]["namespaces"]}

    assert not outcome["node"]["namespaces"].items() & ours.items()


def run(lab: Lab, script: str) -> str:
    ran = lab.remote.run("node-a", ("sh", "-c", script), 20)
    return (ran.stdout + ran.stderr).decode()


def test_a_node_has_no_settings_of_the_network_from_the_machine(lab: Lab):
    for path in wiring.OF_ITS_OWN:
        assert run(lab, f"cat /proc/sys/net/{path}") == "0\n", path


def test_settings_of_the_network_can_be_written(lab: Lab):
    of_the_machine = Path("/proc/sys/net/ipv4/conf/all/route_localnet").read_text()

    script = "cd /proc/sys/net/ipv4/conf/all; echo 1 >route_localnet; cat route_localnet; echo 0 >route_localnet"
    assert run(lab, script) == "1\n"
    assert Path("/proc/sys/net/ipv4/conf/all/route_localnet").read_text() == of_the_machine


def test_run_belongs_to_the_node_and_tmp_to_the_program(lab: Lab):
    assert run(lab, "touch /run/kept /tmp/gone; ls /run/kept /tmp/gone") == "/run/kept\n/tmp/gone\n"
    assert run(lab, "ls /run/kept; test -e /tmp/gone || echo gone") == "/run/kept\ngone\n"
    assert not Path("/run/kept").exists()


def test_programs_that_lie_in_tmp_are_there(lab: Lab, tmp_path: Path):
    (tmp_path / "mine.py").write_text("import beside; print(beside.__file__)")
    (tmp_path / "beside.py").write_text("")

    assert run(lab, f"{sys.executable} {tmp_path}/mine.py") == f"{tmp_path}/beside.py\n"
    assert not (tmp_path / "__pycache__").exists()


def test_a_program_makes_network_namespaces_and_rules(lab: Lab):
    assert run(lab, "ip netns add inner && ip -netns inner -o link | cut -d: -f2 && ip netns delete inner") == " lo\n"
    assert run(lab, "iptables -t nat -N MINE && iptables -t nat -X MINE && nft add table ip mine && conntrack -L") != ""
    assert "table ip mine" in run(lab, "nft list tables; nft delete table ip mine")


def test_what_an_ebpf_proxy_pins_stays_on_its_node(lab: Lab):
    if os.getuid() or "bpf" not in Path("/proc/filesystems").read_text().split():
        pytest.skip("only root has a BPF file system, where the kernel has one")

    assert run(lab, "mkdir /sys/fs/bpf/mine && ls -d /sys/fs/bpf/mine") == "/sys/fs/bpf/mine\n"
    assert run(lab, "rmdir /sys/fs/bpf/mine; ls /sys/fs/cgroup") == ""

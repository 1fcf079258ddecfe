import json
import os
import signal
import socket
import ssl
import subprocess
import urllib.request
from contextlib import suppress
from pathlib import Path

import pytest

from svcproof.errors import ProbeError, ProvisionError
from svcproof.lab.layout import LabConfig
from svcproof.lab.process import launch
from svcproof.lab.process.launch import Lab
from svcproof.wait import eventually

pytestmark = pytest.mark.lab


def server(lab: Lab) -> tuple[str, str]:
    config = json.loads(lab.directory.kubeconfig.read_text())
    return config["clusters"][0]["cluster"]["server"], config["users"][0]["user"]["token"]


def get(lab: Lab, path: str) -> bytes:
    url, token = server(lab)
    trust = ssl.create_default_context(cafile=str(lab.directory.certificates / "ca.crt"))
    request = urllib.request.Request(url + path, headers={"Authorization": f"Bearer {token}"})
    with urllib.request.urlopen(request, context=trust, timeout=10) as response:
        body: bytes = response.read()
    return body


def processes(lab: Lab) -> list[int]:
    """The lab's process and its descendants."""
    found, number = [lab.process.pid], 0
    while number < len(found):
        children = Path(f"/proc/{found[number]}/task/{found[number]}/children")
        with suppress(OSError):  # it ended meanwhile
            found += map(int, children.read_text().split())
        number += 1
    return found


def state(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return "gone"


def runs(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


def test_its_api_is_served_to_this_machine_with_a_certificate_of_its_own(lab: Lab):
    nodes = json.loads(get(lab, "/api/v1/nodes"))

    assert [node["metadata"]["name"] for node in nodes["items"]] == ["node-a"]


def test_its_api_is_served_to_its_nodes(lab: Lab):
    script = "import socket; socket.create_connection(('172.30.0.1', 6443), 5)"

    assert lab.remote.run("node-a", ("python3", "-c", script), 20).code == 0


def test_a_node_has_a_run_of_its_own_that_programs_on_it_share(lab: Lab):
    lab.remote.run("node-a", ("touch", "/run/xtables.lock"), 10)

    assert lab.remote.run("node-a", ("ls", "/run"), 10).stdout == b"xtables.lock\n"
    assert lab.remote.run("outside-1", ("ls", "/run"), 10).stdout == b""


def test_what_a_command_prints_comes_back_byte_by_byte(lab: Lab):
    assert lab.remote.run("node-a", ("printf", r"\377\000\n"), 10).stdout == b"\xff\x00\n"


def test_a_command_that_does_not_end_in_time_is_a_probe_error(lab: Lab):
    with pytest.raises(ProbeError, match="sleep 60 on node-a did not end within"):
        lab.remote.run("node-a", ("sleep", "60"), 0.2)


def test_a_program_that_is_not_there_is_told_by_its_exit_code(lab: Lab):
    ran = lab.remote.run("node-a", ("nonesuch",), 10)

    assert ran.code == 127
    assert b"nonesuch" in ran.stderr


def test_an_orphan_does_not_stay_as_a_zombie(lab: Lab):
    lab.remote.run("node-a", ("sh", "-c", "setsid sleep 0.1 &"), 10)
    lab.remote.run("node-a", ("sleep", "0.3"), 10)

    eventually(lambda: [state(pid) for pid in processes(lab)], lambda states: "Z" not in states, within=10)


def test_two_labs_on_one_machine_do_not_meet(lab: Lab, config: LabConfig):
    dialling = ("python3", "-c", "import socket; socket.create_connection(('172.30.0.11', 7000), 5)")
    with launch.running(config) as other:
        other.remote.start("server", "node-a", ("python3", "-m", "http.server", "7000"), {})
        assert other.remote.await_ready("server", "node-a", "http://172.30.0.11:7000/", 20) == (None, "")
        assert other.remote.run("outside-1", dialling, 20).code == 0
        assert lab.remote.run("outside-1", dialling, 20).code != 0
        assert server(lab)[0] != server(other)[0]


def test_leaving_it_leaves_nothing(config: LabConfig):
    with launch.running(config) as lab:
        lab.remote.start("stubborn", "node-a", ("sh", "-c", "trap '' TERM; setsid sleep 600 & sleep 600"), {})
        lab.remote.run("node-a", ("true",), 10)
        before = processes(lab)

    assert len(before) > 5
    assert not [pid for pid in before if runs(pid)]
    assert not lab.directory.path.exists()


def test_killing_its_outermost_process_ends_all_that_is_in_it(config: LabConfig):
    with launch.running(config) as lab:
        before = processes(lab)
        lab.process.kill()
        lab.process.wait()
        eventually(lambda: [pid for pid in before if runs(pid)], lambda left: not left, within=5)


def test_a_part_that_fails_takes_the_lab_with_it_and_says_why(config: LabConfig):
    with launch.running(config) as lab:
        *_, main = [
            pid for pid in processes(lab) if b"svcproof.lab.assembly\0" in Path(f"/proc/{pid}/cmdline").read_bytes()
        ]
        os.kill(main, signal.SIGABRT)

        with pytest.raises(ProvisionError, match="the lab ended with exit status"):
            lab.wait(20)
        with pytest.raises(ProbeError, match="the lab did not answer"):
            lab.remote.run("node-a", ("true",), 5)


def test_a_lab_that_cannot_come_up_says_why_and_leaves_nothing(
    config: LabConfig, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    fake = tmp_path / "ip"
    fake.write_text("#!/bin/sh\necho 'RTNETLINK answers: No buffer space' >&2; exit 2\n")
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")

    with (
        pytest.raises(ProvisionError, match="No buffer space"),
        launch.running(config),
    ):
        pytest.fail("the lab came up without ip")


def test_the_listener_of_this_machine_is_gone_with_the_lab(config: LabConfig):
    with launch.running(config) as lab:
        host, port = server(lab)[0].removeprefix("https://").split(":")

    with socket.socket() as caller:
        assert caller.connect_ex((host, int(port))) != 0


def test_children_of_the_harness_do_not_keep_its_lab_alive(config: LabConfig):
    """A child that outlives us must not hold the lab's lifeline."""
    with launch.running(config) as lab:
        child = subprocess.Popen(["sleep", "60"], close_fds=False)

    try:
        assert not runs(lab.process.pid)
        assert lab.process.returncode == 0
    finally:
        child.kill()
        child.wait()

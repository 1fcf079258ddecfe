"""Clients on other machines: with a real ssh, to an sshd on this one."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from svcproof.agent.channels.local import UnixChannel
from svcproof.errors import ProbeError, ProvisionError
from svcproof.kubernetes.cluster.outside import ssh
from svcproof.wait import provisioned
from tests.kubernetes.cluster.outside.conftest import Sshd

HOLDING = """
import sys, time
from pathlib import Path
from svcproof.kubernetes.cluster.outside import ssh
with ssh.running(ssh.SshHost(sys.argv[1]), "outside-1", (), "secret", Path(sys.argv[2]), sys.argv[3]):
    print("it runs", flush=True)
    time.sleep(300)
"""
BROADCAST = ("255.255.255.255", 1)
"""To which there are no connections: nothing is sent."""
OLD = """#!/bin/sh
exec {python} -c 'import sys; sys.version_info, sys.version = (3, 8), "3.8.20 (default)"; exec(sys.argv[1])' "$2"
"""


def test_it_says_from_where_it_reaches_what_and_why_not(sshd: Sshd) -> None:
    host = sshd()

    with socket.create_server(("127.0.0.1", 0)) as server:
        here, nowhere = host.looked([server.getsockname(), BROADCAST], [])

    assert here == ("127.0.0.1", "")
    assert nowhere[0] == ""
    assert "255.255.255.255:1 did not answer" in nowhere[1]


def test_an_agent_runs_there_and_leaves_nothing(sshd: Sshd, tmp_path: Path) -> None:
    host, there = sshd(), tmp_path / "there"

    with ssh.running(host, "outside-7", ("192.0.2.7",), "secret", tmp_path, str(there)) as place:
        answer = json.loads(UnixChannel(Path(place.socket), "secret").ask("/environment", b"{}", 10.0))
        with pytest.raises(ProbeError, match="X-Svcproof-Secret"):
            UnixChannel(Path(place.socket), "another").ask("/environment", b"{}", 10.0)
        (agent,) = agents(there)

    assert answer["variables"]["POD_NAME"] == "outside-7"
    assert (place.name, place.addresses, place.ssh) == ("outside-7", ("192.0.2.7",), host.destination)
    assert not there.exists()
    assert not Path(f"/proc/{agent}").exists()


def test_it_ends_with_a_run_that_is_killed(sshd: Sshd, tmp_path: Path) -> None:
    host, there = sshd(), tmp_path / "there"
    words = (sys.executable, "-c", HOLDING, host.destination, str(tmp_path), str(there))
    with subprocess.Popen(words, stdout=subprocess.PIPE) as run:
        try:
            assert run.stdout
            assert run.stdout.readline()
            assert len(agents(there)) == 1
        finally:
            run.kill()

    provisioned("the agent's end", lambda: (agents(there), there.exists()), lambda left: left == ([], False), 15)
    assert (agents(there), there.exists()) == ([], False)


def test_commands_there_get_their_words_as_they_are(sshd: Sshd) -> None:
    ended = sshd().run(("sh", "-c", 'printf "%s|" "$@"; exit 7', "sh", "a  b", "$HOME", "it's"))

    assert (ended.code, ended.stdout) == (7, b"a  b|$HOME|it's|")


def test_a_machine_that_ssh_cannot_reach_is_told_with_the_command_to_try(sshd: Sshd) -> None:
    sshd()

    with pytest.raises(
        ProvisionError, match=r"(?s)refused.*without a question: ssh -o BatchMode=yes ssh://127.0.0.1:1 "
    ):
        ssh.SshHost("ssh://127.0.0.1:1").looked([], [])
    with pytest.raises(ProbeError, match=r"could not run true on ssh://127.0.0.1:1: .*refused"):
        ssh.SshHost("ssh://127.0.0.1:1").run(("true",))


def test_a_key_that_is_not_accepted_is_told(sshd: Sshd) -> None:
    with pytest.raises(ProvisionError, match="Permission denied"):
        sshd("AuthorizedKeysFile none").looked([], [])


def test_a_machine_without_python_is_told(sshd: Sshd, tmp_path: Path) -> None:
    with pytest.raises(ProvisionError, match=r"(?s)cannot run an agent: .*python3: not found.*Python of 3.9 or newer"):
        sshd(f"SetEnv PATH={tmp_path}/nothing").looked([], [])


def test_a_python_that_is_too_old_is_told(sshd: Sshd, tmp_path: Path) -> None:
    old = tmp_path / "old" / "python3"
    old.parent.mkdir()
    old.write_text(OLD.format(python=sys.executable))
    old.chmod(0o755)

    with pytest.raises(ProvisionError, match=r"cannot run an agent: its python3 is 3.8.20"):
        sshd(f"SetEnv PATH={old.parent}").looked([], [])


def test_an_sshd_that_forwards_nothing_is_told_and_nothing_is_left(sshd: Sshd, tmp_path: Path) -> None:
    host, there = sshd("DisableForwarding yes"), tmp_path / "there"

    with pytest.raises(ProvisionError, match="AllowStreamLocalForwarding"):
        ssh.running(host, "outside-1", (), "secret", tmp_path, str(there)).__enter__()
    assert not there.exists()


def agents(directory: Path) -> list[int]:
    """Numbers of the processes that run the agent of a directory."""
    found = []
    for one in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = one.read_bytes().split(b"\0")
        except OSError:
            continue
        if {os.fsencode(directory), b"--control"} <= set(words):
            found.append(int(one.parent.name))
    return found

"""The scripts that make uses, on a machine made of stand-ins."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from svcproof.lab.process.requirements import PACKAGES

pytestmark = pytest.mark.programs

ROOT = Path(__file__).parents[2]


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A PATH with the shell's own tools and an ordinary user; returns its folder."""
    for name in ("sh", "dirname"):
        (tmp_path / name).symlink_to(shutil.which(name) or name)
    stand_in(tmp_path / "id", "echo 1000")
    return tmp_path


def stand_in(path: Path, script: str) -> None:
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def run(script: str, machine: Path, *arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": str(machine), "HOME": os.environ.get("HOME", "/")}
    command = [str(ROOT / "scripts" / script), *arguments]
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)


def test_without_root_what_is_missing_is_named_in_one_line_to_paste(machine: Path) -> None:
    for name in ("ip", "iptables", "nsenter", "mount"):
        stand_in(machine / name, "true")

    ran = run("system", machine)

    assert ran.returncode == 0
    assert "    sudo apt-get install -y --no-install-recommends nftables conntrack" in ran.stderr


def test_a_program_in_the_sbin_beside_a_bin_is_not_missing(machine: Path) -> None:
    for folder in ("bin", "sbin"):
        (machine / folder).mkdir()
    for name in ("ip", "iptables", "nsenter", "mount", "conntrack"):
        stand_in(machine / name, "true")
    stand_in(machine / "sbin/nft", "true")
    environment = {"PATH": f"{machine}:{machine}/bin"}

    ran = subprocess.run([ROOT / "scripts/system"], env=environment, capture_output=True, text=True, check=False)

    assert (ran.returncode, "nftables" in ran.stderr) == (0, False)


def test_it_looks_for_what_a_lab_runs() -> None:
    pairs = re.findall(r"([a-z]+):([a-z0-9-]+)", (ROOT / "scripts/system").read_text())

    assert set(pairs) >= {pair for pair in PACKAGES.items() if pair[0] != "unshare"}


def test_as_root_it_is_installed(machine: Path) -> None:
    stand_in(machine / "id", "echo 0")
    stand_in(machine / "apt-get", f'echo "$@" >> {machine}/asked')

    ran = run("install", machine, "nftables", "conntrack")

    assert ran.returncode == 0
    assert (machine / "asked").read_text().splitlines() == [
        "update -qq",
        "install -qq -y --no-install-recommends nftables conntrack",
    ]


def test_where_installing_fails_the_line_to_paste_is_named(machine: Path) -> None:
    stand_in(machine / "id", "echo 0")
    stand_in(machine / "apt-get", "exit 100")

    ran = run("install", machine, "nftables")

    assert ran.returncode == 0
    assert "sudo apt-get install -y --no-install-recommends nftables" in ran.stderr


def test_nothing_is_said_or_done_where_nothing_is_missing(machine: Path) -> None:
    for name in ("ip", "nft", "iptables", "conntrack", "nsenter", "mount"):
        stand_in(machine / name, "true")
    if not Path("/etc/ssl/certs/ca-certificates.crt").exists():
        pytest.skip("this machine has no certificates")

    ran = run("system", machine)

    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")


def test_a_machine_without_a_python_that_is_new_enough_is_told(machine: Path, tmp_path: Path) -> None:
    (elsewhere := tmp_path / "project").mkdir()
    for name in ("python3", "python3.11", "python3.12", "python3.13"):
        stand_in(machine / name, "exit 1")
    environment = {"PATH": str(machine), "PYTHON": "python3 python3.11"}

    ran = subprocess.run(
        [ROOT / "scripts/venv", "x.txt"], cwd=elsewhere, env=environment, capture_output=True, text=True, check=False
    )

    assert ran.returncode == 1
    assert "sudo apt-get install -y --no-install-recommends python3 python3-venv" in ran.stderr
    assert "no Python of version 3.11 or later" in ran.stderr

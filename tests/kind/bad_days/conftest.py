"""A machine of which a test says what is on it: programs that stand in for docker and kind, on a PATH of their own."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.kind.conftest import SVCPROOF

Stand = Callable[..., None]
Said = Callable[..., "subprocess.CompletedProcess[str]"]
Begin = Callable[..., "subprocess.Popen[str]"]
NODES = "kindest/node:v1.36.1"
SOUND_DOCKER = {
    "version": "echo 28.2.2",
    "info": """echo '{"CgroupVersion": "2", "KernelVersion": "6.1", "DriverStatus": []}'""",
    "images": f"echo {NODES}",
    "image inspect": "echo sha256:1",
    "run --rm --network none --entrypoint python3": "true",
    "ps": "true",
}
SOUND_KIND = {"version": "echo kind v0.33.0 go1.26 linux/amd64", "get clusters": "true", "delete": "true"}
CLUSTER = """\
provider: kind
nodes: [{name: control-plane}]
agent: {image: "python:3"}
"""


@pytest.fixture
def bin_directory(tmp_path: Path) -> Path:
    """The only directory on PATH, beside what a shell needs."""
    place = tmp_path / "bin"
    place.mkdir()
    for program in ("sh", "cat", "echo", "true", "false", "sleep", "mkdir"):
        (place / program).symlink_to(f"/bin/{program}")
    return place


@pytest.fixture
def stand(bin_directory: Path) -> Stand:
    """Puts a program on PATH that answers to what its command line begins with, the last said first."""

    def made(name: str, answers: dict[str, str], **more: str) -> None:
        cases = "\n".join(f'"{words} "*) {does} ;;' for words, does in reversed((answers | more).items()))
        script = bin_directory / name
        script.write_text(f'#!/bin/sh\ncase "$* " in\n{cases}\n*) echo "not expected: $*" >&2; exit 9 ;;\nesac\n')
        script.chmod(0o755)

    return made


@pytest.fixture
def begin(tmp_path: Path, bin_directory: Path) -> Begin:
    """Begins a command with that PATH alone."""

    def begun(*words: str) -> "subprocess.Popen[str]":
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("SVCPROOF", "KIND_", "DOCKER"))
        }
        environment = kept | {
            "PATH": str(bin_directory),
            "XDG_STATE_HOME": str(tmp_path / "state"),
            "XDG_CACHE_HOME": str(tmp_path / "cache"),
        }
        return subprocess.Popen(
            (*SVCPROOF, *words),
            env=environment, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip

    return begun


@pytest.fixture
def svcproof(begin: Begin) -> Said:
    """Runs a command with that PATH alone, and returns how it ended."""

    def ran(*words: str) -> "subprocess.CompletedProcess[str]":
        with begin(*words) as process:
            said, _ = process.communicate()
        return subprocess.CompletedProcess(words, process.returncode, said)

    return ran


@pytest.fixture
def run(tmp_path: Path, svcproof: Said) -> Said:
    """Runs svcproof on a cluster of kind, with one check."""

    def ran(cluster: str = CLUSTER, *options: str, name: str = "mine") -> "subprocess.CompletedProcess[str]":
        declared = tmp_path / f"{name}.yaml"
        declared.write_text(cluster)
        words = ("run", "--cluster", str(declared), "--results", str(tmp_path / "results"), "-k", "each_of_many")
        return svcproof(*words, *options)

    return ran


def told(ended: "subprocess.CompletedProcess[str]", *words: str, code: int = 3) -> None:
    """Said in one screen, without a traceback, and nothing speaks against the proxy."""
    everything = ended.stdout
    missing = [one for one in words if one not in everything]
    assert not missing, everything
    assert (ended.returncode, "Traceback" in everything) == (code, False), everything
    assert len(everything.splitlines()) < 60, everything

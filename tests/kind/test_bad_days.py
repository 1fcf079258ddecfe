"""What a user is told on a machine where no cluster can be made: programs that stand in for docker and kind say it."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.kind.conftest import SVCPROOF

Stand = Callable[..., None]
Said = Callable[..., "subprocess.CompletedProcess[str]"]
NODES = "kindest/node:v1.36.1"
SOUND_DOCKER = {
    "version": "echo 28.2.2",
    "info": """echo '{"CgroupVersion": "2", "KernelVersion": "6.1", "DriverStatus": []}'""",
    "images": f"echo {NODES}",
    "image inspect": "echo sha256:1",
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
    for program in ("sh", "cat", "echo", "true", "false"):
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
def run(tmp_path: Path, bin_directory: Path) -> Said:
    """Runs svcproof on a cluster of kind, with one check."""

    def ran(cluster: str = CLUSTER, *options: str, name: str = "mine") -> "subprocess.CompletedProcess[str]":
        declared = tmp_path / f"{name}.yaml"
        declared.write_text(cluster)
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("SVCPROOF", "KIND_", "DOCKER"))
        }
        environment = kept | {
            "PATH": str(bin_directory),
            "XDG_STATE_HOME": str(tmp_path / "state"),
            "XDG_CACHE_HOME": str(tmp_path / "cache"),
        }
        words = ("run", "--cluster", str(declared), "--results", str(tmp_path / "results"), "-k", "each_of_many")
        return subprocess.run(
            (*SVCPROOF, *words, *options), env=environment, capture_output=True, text=True, check=False, cwd=tmp_path
        )

    return ran


def told(ended: "subprocess.CompletedProcess[str]", *words: str, code: int = 3) -> None:
    """Said in one screen, without a traceback, and nothing speaks against the proxy."""
    everything = ended.stdout + ended.stderr
    missing = [one for one in words if one not in everything]
    assert not missing, everything
    assert (ended.returncode, "Traceback" in everything) == (code, False), everything
    assert len(everything.splitlines()) < 60, everything


def test_no_container_engine(run: Said) -> None:
    told(run(), "kind needs a container engine", "docker, nerdctl, podman", "https://docs.docker.com/engine/install")


def test_a_daemon_that_does_not_run(run: Said, stand: Stand) -> None:
    stand("docker", {"version": "echo Cannot connect to the Docker daemon at unix:///x.sock >&2; exit 1"})

    told(run(), "docker is installed and does not answer", "start it, or set DOCKER_HOST", "unix:///x.sock")


def test_no_rights_on_the_socket(run: Said, stand: Stand) -> None:
    stand("docker", {"version": "echo permission denied while trying to connect to the socket >&2; exit 1"})

    told(run(), "no rights on its socket: join the group docker")


def test_no_kind(run: Said, stand: Stand) -> None:
    stand("docker", SOUND_DOCKER)

    told(run(), "kind is not on PATH", "https://kind.sigs.k8s.io/docs/user/quick-start/#installation")


def test_no_pytest_kind(stand: Stand, bin_directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from harness.errors import ProvisionError
    from harness.kind import tool

    stand("kind", SOUND_KIND)
    monkeypatch.setenv("PATH", str(bin_directory))
    monkeypatch.setattr(tool, "find_spec", lambda _: None)

    with pytest.raises(ProvisionError, match=r"pip install 'svcproof\[kind\]'"):
        tool.find()


def test_another_program_called_kind(run: Said, stand: Stand) -> None:
    stand("docker", SOUND_DOCKER)
    stand("kind", {"version": "echo 0.1-beta"})

    told(run(), "kind version says '0.1-beta'")


@pytest.mark.parametrize(
    ("kind", "image", "words"),
    [
        ("v0.27.0", "kindest/node:v1.36.1", "is kind v0.27.0, too old for Kubernetes v1.36.1"),
        ("v0.33.0", "kindest/node:v1.21.14", "is kind v0.33.0, too new for Kubernetes v1.21.14"),
    ],
)
def test_a_kind_that_does_not_suit_the_node_image(run: Said, stand: Stand, kind: str, image: str, words: str) -> None:
    stand("docker", SOUND_DOCKER)
    stand("kind", SOUND_KIND, version=f"echo kind {kind} go1.26 linux/amd64")

    told(run(CLUSTER, "--node-image", image), words, f"--node-image {NODES}")


def test_an_image_that_is_none_of_nodes(run: Said, stand: Stand) -> None:
    stand("docker", SOUND_DOCKER, run="echo no such file >&2; exit 1")
    stand("kind", SOUND_KIND)

    told(run(CLUSTER, "--node-image", "debian:13"), "debian:13 is no node image", f"--node-image {NODES}")


def test_a_cluster_of_the_name_that_is_not_ours(run: Said, stand: Stand) -> None:
    nodes = "ps --all --format {{.Names}} --filter label=io.x-k8s.kind.cluster=svcproof-mine"
    stand("docker", SOUND_DOCKER | {nodes: "echo svcproof-mine-control-plane", "cp": "echo nothing of ours"})
    stand("kind", SOUND_KIND | {"get clusters": "echo svcproof-mine"})

    told(
        run(),
        "there is a kind cluster svcproof-mine that svcproof has not made",
        "kind delete cluster --name svcproof-mine",
    )


@pytest.mark.parametrize("name", ["My_Cluster", "a" * 33])
def test_a_name_that_no_cluster_can_have(run: Said, stand: Stand, name: str) -> None:
    stand("docker", SOUND_DOCKER)
    stand("kind", SOUND_KIND)

    told(run(name=name), f"called after {name}.yaml: rename the file", code=4)


def test_an_image_for_pods_that_cannot_be_had(run: Said, stand: Stand) -> None:
    stand("docker", SOUND_DOCKER | {"image inspect": "exit 1", "pull": "echo no such host >&2; exit 1"})
    stand("kind", SOUND_KIND)

    told(run(), "docker pull python:3 failed: no such host", "--image")


@pytest.mark.parametrize(
    ("says", "words"),
    [
        ("failed to pull image kindest/node:v1.36.9", f"take one that is here: --node-image {NODES}"),
        ("Bind for 0.0.0.0:80 failed: port is already allocated", "choose another in kind.config"),
        ("mkdir /var/lib/docker/x: no space left on device", "the disk is full"),
        ("node(s) already exist for a cluster with the name", "svcproof kind list"),
    ],
)
def test_what_kind_says_when_it_fails_is_told_with_the_remedy(run: Said, stand: Stand, says: str, words: str) -> None:
    stand("docker", SOUND_DOCKER)
    stand("kind", SOUND_KIND | {"create": f"echo 'ERROR: {says}'; exit 1"})

    told(run(), says, words)

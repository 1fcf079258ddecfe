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
def svcproof(tmp_path: Path, bin_directory: Path) -> Said:
    """Runs a command with that PATH alone, and returns how it ended."""

    def ran(*words: str) -> "subprocess.CompletedProcess[str]":
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("SVCPROOF", "KIND_", "DOCKER"))
        }
        environment = kept | {
            "PATH": str(bin_directory),
            "XDG_STATE_HOME": str(tmp_path / "state"),
            "XDG_CACHE_HOME": str(tmp_path / "cache"),
        }
        return subprocess.run(
            (*SVCPROOF, *words), env=environment, capture_output=True, text=True, check=False, cwd=tmp_path
        )

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


def test_a_kind_that_prints_no_text(run: Said, stand: Stand) -> None:
    stand("docker", SOUND_DOCKER)
    stand("kind", {"version": r"echo '\377\376\200'"})

    told(run(), "kind version says", "that is not the kind of https://kind.sigs.k8s.io")


def test_a_kind_that_cannot_be_run(run: Said, stand: Stand, bin_directory: Path) -> None:
    stand("docker", SOUND_DOCKER)
    (bin_directory / "kind").write_bytes(b"\x7fELF of another machine")
    (bin_directory / "kind").chmod(0o755)

    told(run(), "kind version cannot be run: Exec format error; put another", "on PATH")


def test_an_engine_that_hangs(stand: Stand, bin_directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from harness.errors import ProvisionError
    from harness.kind import engine

    stand("docker", {"version": "while true; do true; done"})
    monkeypatch.setenv("PATH", str(bin_directory))
    monkeypatch.setattr(engine, "ANSWERS_WITHIN", 0.2)

    with pytest.raises(ProvisionError, match=r"had not ended after 0\.2 s: see whether the container engine answers"):
        engine.find()


@pytest.mark.parametrize(
    ("kind", "image", "words"),
    [
        ("v0.27.0", "kindest/node:v1.36.1", "is kind v0.27.0, too old for Kubernetes v1.36.1"),
        ("v0.33.0", "kindest/node:v1.21.14", "is kind v0.33.0, too new for Kubernetes v1.21.14"),
    ],
)
def test_a_kind_that_does_not_suit_the_node_image(run: Said, stand: Stand, kind: str, image: str, words: str) -> None:
    stand("kind", SOUND_KIND, version=f"echo kind {kind} go1.26 linux/amd64")
    stand("docker", SOUND_DOCKER, images=f"echo {image} another/node:v1.34.0")
    told(run(CLUSTER, "--node-image", image), words, ": --node-image another/node:v1.34.0")


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


def test_the_stack_of_kubeadm_does_not_hide_its_error(run: Said, stand: Stand) -> None:
    stack = "\n".join(f"main.step{one}\n\tk8s.io/kubernetes/main.go:{one}" for one in range(20))
    said = f"error: the kubelet is not healthy\n{stack}\nruntime.goexit\n\truntime/asm_amd64.s:1771"
    stand("docker", SOUND_DOCKER)
    stand("kind", SOUND_KIND | {"create": f"echo '{said}'; exit 1"})

    told(run(), "error: the kubelet is not healthy")


def test_state_that_cannot_be_kept(run: Said, svcproof: Said, stand: Stand, tmp_path: Path) -> None:
    stand("docker", SOUND_DOCKER)
    stand("kind", SOUND_KIND)
    (tmp_path / "state").write_text("a file")

    told(run(), "cannot write the note of what the run makes", "Not a directory", "set XDG_STATE_HOME")
    told(svcproof("kind", "up", "--cluster", str(tmp_path / "mine.yaml")), "set XDG_STATE_HOME")
    told(svcproof("clean"), "nothing was left behind", code=0)


@pytest.mark.parametrize("place", ["taken/deeper", "taken"])
def test_results_that_cannot_be_kept(run: Said, stand: Stand, tmp_path: Path, place: str) -> None:
    stand("docker", SOUND_DOCKER)
    stand("kind", SOUND_KIND)
    (tmp_path / "taken").write_text("a file")

    told(run(CLUSTER, "--results", place), "cannot make", place, "choose another --results", code=4)


def test_a_cluster_of_another_provider_is_not_kept(svcproof: Said) -> None:
    told(svcproof("kind", "up", "--cluster", "lab"), "cluster lab is not made by kind but of provider lab", code=4)


def test_the_logs_of_a_run_that_is_over_are_kept_until_clean(svcproof: Said, tmp_path: Path) -> None:
    logs = tmp_path / "state" / "svcproof" / "logs" / "svcproof-mine-abcdef"
    logs.mkdir(parents=True)
    (logs / "kubelet.log").write_text("why")

    told(svcproof("clean", "--dry-run"), f"would remove the logs of nodes that did not come up, {logs}", code=0)
    told(svcproof("clean"), f"removed the logs of nodes that did not come up, {logs}", code=0)
    told(svcproof("clean"), "nothing was left behind", code=0)


def test_a_note_that_was_lost_when_the_machine_went_down_is_no_obstacle(
    svcproof: Said, stand: Stand, tmp_path: Path
) -> None:
    stand("docker", SOUND_DOCKER)
    stand("kind", SOUND_KIND)
    note = tmp_path / "state" / "svcproof" / "runs" / "kind-abcdef"
    note.mkdir(parents=True)
    (note / "run.json").write_text("")

    told(svcproof("clean"), f"removed the note of a run that had not begun to make a cluster, {note}", code=0)
    assert not note.exists()

"""No docker, no kind, or none that can be used: what is told, and what to do."""

from pathlib import Path

import pytest

from svcproof.errors import ProvisionError
from svcproof.kubernetes.kind import engine, kind_program
from svcproof.limits import Request
from tests.kind.bad_days.conftest import SOUND_DOCKER, SOUND_KIND, Said, Stand, told

pytestmark = pytest.mark.programs


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
    stand("kind", SOUND_KIND)
    monkeypatch.setenv("PATH", str(bin_directory))
    monkeypatch.setattr(kind_program, "find_spec", lambda _: None)

    with pytest.raises(ProvisionError, match=r"pip install 'svcproof\[kind\]'"):
        kind_program.find()


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

    told(run(), "could not start kind version: Exec format error", "put another kind on PATH")


def test_an_engine_that_hangs(stand: Stand, bin_directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stand("docker", {"version": "while true; do true; done"})
    monkeypatch.setenv("PATH", str(bin_directory))
    monkeypatch.setattr(Request.ENGINE, "usual", 0.2)

    with pytest.raises(ProvisionError, match=r"(?s)was not over after 0\.2 s.*See whether the container engine"):
        engine.find()

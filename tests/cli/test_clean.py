"""`svcproof clean`, and `lab exec`, among other users, other containers and after power cuts."""

import json
import os
import pickle
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from svcproof.disk import remove_tree
from svcproof.ledger import identity

pytestmark = pytest.mark.programs

SVCPROOF = (sys.executable, "-c", "from svcproof.cli import main; main(prog_name='svcproof')")
IN_ANOTHER_PID_NAMESPACE = ("unshare", "--pid", "--fork", "--kill-child", "--mount-proc")
OTHER = 65534
Said = Callable[..., "subprocess.CompletedProcess[str]"]

root = pytest.mark.skipif(os.getuid() != 0, reason="acts for another user or in another PID namespace: takes root")


@pytest.fixture
def place() -> Iterator[Path]:
    """A directory for temporary files and state, as /tmp is: anybody may write, and remove what is theirs."""
    made = Path(tempfile.mkdtemp(prefix="sp-", dir="/tmp"))
    made.chmod(0o1777)
    yield made
    remove_tree(made)


@pytest.fixture
def environment(place: Path) -> dict[str, str]:
    return os.environ | {"TMPDIR": str(place), "XDG_STATE_HOME": str(place / "state")}


@pytest.fixture
def svcproof(environment: dict[str, str]) -> Said:
    def ran(*words: str, inside: tuple[str, ...] = ()) -> "subprocess.CompletedProcess[str]":
        ended = subprocess.run(
            (*inside, *SVCPROOF, *words), env=environment, capture_output=True, text=True, check=False, timeout=60
        )
        assert "Traceback" not in ended.stderr, ended.stderr
        return ended

    return ran


@pytest.fixture
def victim() -> Iterator["subprocess.Popen[bytes]"]:
    """A process that nobody may end."""
    with subprocess.Popen(["sleep", "60"]) as process:
        yield process
        process.kill()


def lab(place: Path, number: int, record: Mapping[str, object]) -> Path:
    """The directory of a lab, with this record."""
    base = place / f"svcproof-{os.getuid()}"
    base.mkdir(mode=0o700, exist_ok=True)
    made = base / f"{number}-abcd"
    made.mkdir(mode=0o700)
    (made / "lab.json").write_text(json.dumps(record))
    return made


def ended() -> dict[str, object]:
    return {**(identity(os.getpid()) or {}), "started": "1"}


class Payload:
    """What a pickle can do to who reads it."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[object, ...]:
        return Path.touch, (self.mark,)


@root
@pytest.mark.parametrize("words", [("lab", "exec", "node-a", "--", "true"), ("clean",)], ids=["exec", "clean"])
def test_a_lab_that_another_user_has_planted_is_neither_run_nor_removed(
    place: Path, svcproof: Said, victim: "subprocess.Popen[bytes]", words: tuple[str, ...]
) -> None:
    harness = identity(os.getpid()) if words[0] == "lab" else ended()
    planted = lab(place, os.getpid(), {"harness": harness, "lab": identity(victim.pid)})
    (planted / "settings").write_bytes(pickle.dumps(Payload(place / "mark")))
    (planted / "control.sock").touch()
    for path in (planted.parent, planted, *planted.iterdir()):
        os.chown(path, OTHER, OTHER)

    said = svcproof(*words)

    assert said.returncode == 3
    assert f"{planted.parent} belongs to" in said.stderr
    assert "set TMPDIR to a directory of your own" in said.stderr
    assert victim.poll() is None
    assert sorted(path.name for path in planted.iterdir()) == ["control.sock", "lab.json", "settings"]
    assert not (place / "mark").exists()


def test_settings_that_are_a_pickle_are_refused(place: Path, svcproof: Said) -> None:
    ours = lab(place, os.getpid(), {"harness": identity(os.getpid()), "lab": None})
    (ours / "settings").write_bytes(pickle.dumps(Payload(place / "mark")))
    (ours / "control.sock").touch()

    said = svcproof("lab", "exec", "node-a", "--", "true")

    assert said.returncode == 3
    assert "settings is not JSON" in said.stderr
    assert not (place / "mark").exists()


@root
def test_what_another_user_has_beside_ours_is_left_alone(place: Path, svcproof: Said) -> None:
    ours = lab(place, os.getpid(), {"harness": ended(), "lab": None})
    theirs = place / f"svcproof-{OTHER}" / ours.name
    shutil.copytree(ours.parent, theirs.parent)
    (place / "elsewhere").mkdir()
    (place / "elsewhere" / "file").touch()
    (ours / "link").symlink_to(place / "elsewhere")
    for path in (theirs.parent, theirs, *theirs.iterdir()):
        os.chown(path, OTHER, OTHER)

    said = svcproof("clean")

    assert said.returncode == 0, said.stderr
    assert not ours.exists()
    assert (theirs / "lab.json").exists()
    assert (place / "elsewhere" / "file").exists()


@root
@pytest.mark.lab
@pytest.mark.parametrize("elsewhere", ["the lab", "clean"])
def test_a_lab_that_runs_in_another_pid_namespace_is_left_alone(
    place: Path, environment: dict[str, str], svcproof: Said, elsewhere: str
) -> None:
    inside, outside = IN_ANOTHER_PID_NAMESPACE, ()
    of_lab, of_clean = (inside, outside) if elsewhere == "the lab" else (outside, inside)
    log = place / "log"
    with log.open("wb") as output:
        up = subprocess.Popen(
            (*of_lab, *SVCPROOF, "lab", "up", "--proxy", "none"), env=environment, stdout=output, stderr=output
        )
    try:
        deadline = time.monotonic() + 60
        while "Ctrl-C" not in log.read_text():
            assert up.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.1)

        said = svcproof("clean", inside=of_clean)

        (directory,) = (place / "svcproof-0").iterdir()
        assert said.returncode == 0
        assert f"left alone the lab {directory}: it is of another PID namespace" in said.stderr
        assert (directory / "control.sock").exists()
        assert up.poll() is None
    finally:
        up.kill()
        up.wait()


def test_whatever_a_power_cut_has_left_it_is_told_and_the_rest_is_removed(
    place: Path, svcproof: Said, environment: dict[str, str]
) -> None:
    gone = subprocess.Popen(["true"])
    gone.wait()
    odd = [lab(place, number, {}) for number in (gone.pid, 4_194_303, 4_194_302, 4_194_301)]
    for directory, content in zip(odd, (b"", b'{"harness"', b"\0" * 200, b"[" * 100_000), strict=True):
        (directory / "lab.json").write_bytes(content)
    sound = lab(place, 4_194_300, {"harness": ended(), "lab": None})
    note = place / "state" / "svcproof" / "runs" / "kubeconfig-abcdef"
    note.mkdir(parents=True, mode=0o700)
    for above in (note.parent, note.parent.parent, place / "state"):
        above.chmod(0o700)
    (note / "run.json").write_bytes(b"")

    said = svcproof("clean")

    assert said.returncode == 0, said.stderr
    assert [directory for directory in (*odd, sound, note) if directory.exists()] == []
    for directory in odd:
        assert f"{directory / 'lab.json'} is " in said.stdout
    assert "run.json is empty" in said.stdout


@root
def test_what_cannot_be_removed_is_told_with_the_remedy_and_the_rest_is_removed(place: Path, svcproof: Said) -> None:
    stubborn = lab(place, 4_194_303, {"harness": ended(), "lab": None})
    other = lab(place, 4_194_302, {"harness": ended(), "lab": None})
    (stubborn / "a").mkdir()
    for name in ("a/fixed", "a/file"):
        (stubborn / name).touch()
    if subprocess.run(("chattr", "+i", stubborn / "a/fixed"), capture_output=True, check=False).returncode:
        pytest.skip("this file system has no immutable files")
    try:
        said = svcproof("clean")
    finally:
        subprocess.run(("chattr", "-i", stubborn / "a/fixed"), check=True)

    assert said.returncode == 3
    assert f"could not remove the lab {stubborn}" in said.stderr
    assert f"{stubborn}/a/fixed: Operation not permitted; " in said.stderr
    assert "chattr -i" in said.stderr
    assert [path.name for path in stubborn.rglob("*")] == ["a", "fixed"]
    assert not other.exists()
    assert svcproof("clean").returncode == 0
    assert not stubborn.exists()

import json
import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from svcproof.errors import ProvisionError
from svcproof.lab import directory
from svcproof.lab.directory import Directory
from svcproof.lab.process import leftovers
from svcproof.lab.process.leftovers import LeftoverLab
from svcproof.ledger import Identity, LeftAlone, identity, kill, scratch


@pytest.fixture(autouse=True)
def base(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    # Not tmp_path, which is too long for a lab's sockets.
    with tempfile.TemporaryDirectory() as folder:
        monkeypatch.setattr(scratch, "base", lambda: Path(folder) / "labs")
        yield Path(folder) / "labs"


@pytest.fixture
def ended() -> int:
    """The number of a process that is gone."""
    process = subprocess.Popen(["true"])
    process.wait()
    return process.pid


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(["sleep", "60"])
    yield process
    process.kill()
    process.wait()


def recorded(base: Path, harness: int, record: object) -> Directory:
    place = Directory(base / f"{harness}-0a1b")
    base.mkdir(mode=0o700, exist_ok=True)
    place.path.mkdir(mode=0o700)
    place.record.write_text(record if isinstance(record, str) else json.dumps(record))
    return place


def removable() -> list[LeftoverLab]:
    return [leftover for leftover in leftovers.find() if isinstance(leftover, LeftoverLab)]


def other(pid: int, **changed: str) -> Identity:
    """A process that had this number before, or elsewhere."""
    ours = identity(os.getpid())
    assert ours is not None
    return ours | {"pid": pid, "started": "1"} | changed  # type: ignore[return-value]


def test_a_lab_in_use_is_no_leftover():
    place = directory.create()

    assert leftovers.find() == ()
    assert place.path.exists()


def test_a_lab_whose_harness_is_gone_is_removed_with_its_process(
    base: Path, ended: int, sleeper: subprocess.Popen[bytes]
):
    identity_of_sleeper = identity(sleeper.pid)
    place = recorded(base, ended, {"harness": other(ended), "lab": identity_of_sleeper})

    (found,) = leftovers.find()
    assert isinstance(found, LeftoverLab)
    found.remove()

    assert (found.path, found.process) == (place.path, identity_of_sleeper)
    assert sleeper.wait(5) == -9
    assert not place.path.exists()


def test_a_process_that_only_has_the_number_of_a_lab_is_let_live(
    base: Path, ended: int, sleeper: subprocess.Popen[bytes]
):
    recorded(base, ended, {"harness": other(ended), "lab": other(sleeper.pid)})

    (found,) = leftovers.find()
    assert isinstance(found, LeftoverLab)
    found.remove()

    assert found.process is None
    assert sleeper.poll() is None


def test_a_harness_whose_number_was_used_again_is_gone(base: Path):
    place = recorded(base, os.getpid(), {"harness": other(os.getpid()), "lab": None})

    assert [one.path for one in removable()] == [place.path]


def test_a_directory_made_just_before_the_harness_was_killed_is_a_leftover(base: Path, ended: int):
    base.mkdir(mode=0o700)
    (base / f"{ended}-0a1b").mkdir(mode=0o700)
    (base / f"{os.getpid()}-0a1b").mkdir(mode=0o700)

    assert [one.path.name for one in removable()] == [f"{ended}-0a1b"]
    assert str(leftovers.find()[0]).startswith("the directory of a run, ")


def test_what_is_not_ours_stays(base: Path):
    for name in ("notes", "old-lab", "123"):
        (base / name).mkdir(parents=True)

    assert leftovers.find() == ()


def test_no_labs_at_all_is_nothing_to_remove():
    assert leftovers.find() == ()
    assert leftovers.alive() == ()


def test_a_lab_of_another_boot_is_over_whatever_its_processes_numbers_are(base: Path, sleeper: subprocess.Popen[bytes]):
    before = {"boot": "00000000-0000-0000-0000-000000000000"}
    harness, lab = ({**(identity(pid) or {}), **before} for pid in (os.getpid(), sleeper.pid))
    recorded(base, os.getpid(), {"harness": harness, "lab": lab})

    (found,) = removable()
    found.remove()

    assert sleeper.poll() is None
    assert list(base.iterdir()) == []


@pytest.mark.parametrize(
    ("changed", "words"),
    [({"namespace": "4026531000"}, "another PID namespace"), ({"machine": "f00"}, "another machine")],
    ids=["namespace", "machine"],
)
def test_a_lab_whose_processes_cannot_be_seen_from_here_is_left_alone(
    base: Path, ended: int, changed: dict[str, str], words: str
):
    recorded(base, ended, {"harness": other(ended, **changed), "lab": None})

    (left,) = leftovers.find()

    assert isinstance(left, LeftAlone)
    assert left.in_use
    assert words in left.reason


ODD = {
    "empty": "",
    "cut": '{"harness": {"pid": 1',
    "zero bytes": "\0" * 300,
    "a list": "[]",
    "a number": "1e999",
    "deep": "[" * 100_000,
    "a huge number": '{"harness": {"pid": ' + "9" * 5000 + "}}",
    "large": '{"harness": "' + "x" * (2 << 20) + '"}',
    "no harness": "{}",
    "other types": '{"harness": {"pid": "1", "started": 1, "namespace": [], "boot": null, "machine": {}}}',
    "a process of 0.1.0": '{"harness": {"pid": 4194303, "started": "1"}, "lab": null}',
    "an odd lab": '{"harness": null, "lab": 7}',
}


@pytest.mark.parametrize("record", ODD.values(), ids=ODD)
def test_an_odd_record_keeps_nothing_from_being_removed(base: Path, ended: int, record: str):
    odd = recorded(base, ended, record)
    recorded(base, ended + 1 if ended < 4_000_000 else 2, {"harness": other(ended), "lab": None})

    found = removable()
    for leftover in found:
        leftover.remove()

    assert len(found) == 2
    assert str(odd.record) in "".join(map(str, found))
    assert list(base.iterdir()) == []


@pytest.mark.parametrize("record", ODD.values(), ids=ODD)
def test_a_directory_with_an_odd_record_that_may_be_in_use_stays(base: Path, record: str):
    odd = recorded(base, os.getpid(), record)

    (left,) = leftovers.find()

    assert isinstance(left, LeftAlone)
    assert not left.in_use
    assert str(odd.record) in left.reason


@pytest.mark.parametrize("kind", ["directory", "pipe", "link", "link to nothing"])
def test_a_record_that_is_no_file_is_odd(base: Path, ended: int, kind: str, tmp_path: Path):
    place = Directory(base / f"{ended}-0a1b")
    place.path.mkdir(parents=True, mode=0o700)
    match kind:
        case "directory":
            place.record.mkdir()
        case "pipe":
            os.mkfifo(place.record)
        case "link":
            (tmp_path / "lab.json").write_text(json.dumps({"harness": identity(os.getpid())}))
            place.record.symlink_to(tmp_path / "lab.json")
        case _:
            place.record.symlink_to("nothing")

    (found,) = removable()
    found.remove()

    assert list(base.iterdir()) == []


@pytest.mark.skipif(os.getuid() != 0, reason="makes files of another user, which takes root")
@pytest.mark.parametrize("which", ["record", "directory", "base"])
def test_what_another_user_could_have_written_is_not_believed(
    base: Path, ended: int, sleeper: subprocess.Popen[bytes], which: str
):
    place = recorded(base, ended, {"harness": other(ended), "lab": identity(sleeper.pid)})
    os.chown({"record": place.record, "directory": place.path, "base": base}[which], 65534, 65534)

    if which == "base":
        with pytest.raises(ProvisionError, match=r"uid 65534.* set TMPDIR"):
            leftovers.find()
    else:
        (left,) = leftovers.find()
        assert isinstance(left, LeftAlone)
        assert "uid 65534" in left.reason
    assert sleeper.poll() is None


def test_a_process_of_another_user_is_never_ended(base: Path, ended: int, sleeper: subprocess.Popen[bytes]):
    recorded(base, ended, {"harness": other(ended), "lab": identity(sleeper.pid)})
    (found,) = removable()

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(os, "getuid", lambda: 12345)
        assert found.process is not None
        kill(found.process)

    assert sleeper.poll() is None

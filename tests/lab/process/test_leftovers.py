import json
import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.lab.process import directory, leftovers
from harness.lab.process.directory import Directory
from harness.ledger import identity


@pytest.fixture(autouse=True)
def base(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    # Not tmp_path, which is too long for a lab's sockets.
    with tempfile.TemporaryDirectory() as folder:
        monkeypatch.setattr(directory, "base", lambda: Path(folder) / "labs")
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
    place.path.mkdir(parents=True)
    place.record.write_text(json.dumps(record))
    return place


def test_a_lab_in_use_is_no_leftover():
    place = directory.create()

    assert leftovers.find() == ()
    assert place.path.exists()


def test_a_lab_whose_harness_is_gone_is_removed_with_its_process(
    base: Path, ended: int, sleeper: subprocess.Popen[bytes]
):
    place = recorded(base, ended, {"harness": {"pid": ended, "started": 1}, "lab": identity(sleeper.pid)})

    (found,) = leftovers.find()
    found.remove()

    assert (found.path, found.pid) == (place.path, sleeper.pid)
    assert sleeper.wait(5) == -9
    assert not place.path.exists()


def test_a_process_that_only_has_the_number_of_a_lab_is_let_live(
    base: Path, ended: int, sleeper: subprocess.Popen[bytes]
):
    recorded(base, ended, {"harness": {"pid": ended, "started": 1}, "lab": {"pid": sleeper.pid, "started": 1}})

    (found,) = leftovers.find()
    found.remove()

    assert found.pid is None
    assert sleeper.poll() is None


def test_a_harness_whose_number_was_used_again_is_gone(base: Path):
    place = recorded(base, os.getpid(), {"harness": {"pid": os.getpid(), "started": 1}, "lab": None})

    assert [one.path for one in leftovers.find()] == [place.path]


def test_a_directory_made_just_before_the_harness_was_killed_is_a_leftover(base: Path, ended: int):
    (base / f"{ended}-0a1b").mkdir(parents=True)
    (base / f"{os.getpid()}-0a1b").mkdir()

    assert [one.path.name for one in leftovers.find()] == [f"{ended}-0a1b"]
    assert str(leftovers.find()[0]).startswith("the directory of a run, ")


def test_what_is_not_ours_stays(base: Path):
    for name in ("notes", "old-lab", "123"):
        (base / name).mkdir(parents=True)

    assert leftovers.find() == ()


def test_no_labs_at_all_is_nothing_to_remove():
    assert leftovers.find() == ()
    assert leftovers.alive() == ()

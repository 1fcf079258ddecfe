"""A lock is one process's at a time, and free when its holder has ended, however it did."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from svcproof import ledger
from svcproof.errors import ProvisionError

HOLD = """
import sys
from svcproof import ledger
with ledger.locked("x", "it", ""):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))


def test_the_second_is_told_who_has_it_and_what_to_do() -> None:
    with (
        ledger.locked("x", "the cluster x", "wait"),
        pytest.raises(ProvisionError, match=f"^the cluster x is in use by process {os.getpid()}: wait$"),
        ledger.locked("x", "the cluster x", "wait"),
    ):
        pass


def test_it_is_free_after_the_context_and_leaves_no_file(tmp_path: Path) -> None:
    with ledger.locked("x", "it", ""):
        assert ledger.is_locked("x")

    assert not ledger.is_locked("x")
    assert not list((tmp_path / "svcproof" / "locks").iterdir())


def test_it_is_free_when_its_holder_is_killed() -> None:
    with subprocess.Popen((sys.executable, "-c", HOLD), stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        assert ledger.is_locked("x")
        holder.kill()

    with ledger.locked("x", "it", ""):
        assert ledger.is_locked("x")


def test_the_file_of_a_holder_that_was_killed_is_swept_away_and_no_other(tmp_path: Path) -> None:
    locks = tmp_path / "svcproof" / "locks"
    with ledger.locked("held", "it", ""):
        (locks / "left").touch()
        ledger.sweep()

        assert [one.name for one in locks.iterdir()] == ["held"]


def test_a_lock_that_cannot_be_made_is_told_with_the_remedy(tmp_path: Path) -> None:
    (tmp_path / "svcproof").write_text("a file")

    with (
        pytest.raises(ProvisionError, match=r"cannot write the lock on it, .* set XDG_STATE_HOME"),
        ledger.locked("x", "it", ""),
    ):
        pass

import os
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from svcproof.errors import ProvisionError
from svcproof.lab import directory
from svcproof.ledger import identity, scratch


@pytest.fixture
def temporary(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        monkeypatch.setattr(tempfile, "gettempdir", lambda: folder)
        yield Path(folder)


def test_it_is_for_its_user_alone(temporary: Path):
    place = directory.create()

    assert place.path.parent == temporary / f"svcproof-{os.getuid()}"
    assert stat.S_IMODE(place.path.stat().st_mode) == 0o700


def test_two_labs_of_one_process_have_a_directory_each(temporary: Path):
    assert directory.create().path != directory.create().path


def test_a_path_too_long_for_sockets_is_refused_with_a_remedy(monkeypatch: pytest.MonkeyPatch, temporary: Path):
    monkeypatch.setattr(tempfile, "gettempdir", lambda: f"{temporary}/{'long' * 20}")

    with pytest.raises(ProvisionError, match="set TMPDIR to a shorter directory"):
        directory.create()


def test_a_place_that_cannot_be_written_to_is_refused_with_a_remedy(monkeypatch: pytest.MonkeyPatch, temporary: Path):
    monkeypatch.setattr(tempfile, "gettempdir", lambda: f"{temporary}/missing")

    with pytest.raises(ProvisionError, match="set TMPDIR"):
        directory.create()


def test_a_directory_that_leads_elsewhere_is_not_taken(monkeypatch: pytest.MonkeyPatch, temporary: Path):
    (temporary / "elsewhere").mkdir(mode=0o700)
    scratch.base().symlink_to(temporary / "elsewhere")

    with pytest.raises(ProvisionError, match=r"is a symbolic link: .* set TMPDIR"):
        directory.create()
    assert not list((temporary / "elsewhere").iterdir())


@pytest.mark.parametrize("mode", [0o777, 0o770, 0o702])
def test_a_directory_that_others_can_write_is_not_taken(temporary: Path, mode: int):
    scratch.base().mkdir()
    scratch.base().chmod(mode)

    with pytest.raises(ProvisionError, match=f"can be written by other users .mode {mode:o}.: .* set TMPDIR"):
        directory.create()


@pytest.mark.skipif(os.getuid() != 0, reason="makes a directory of another user, which takes root")
def test_a_directory_of_another_user_is_not_taken(temporary: Path):
    scratch.base().mkdir(mode=0o700)
    os.chown(scratch.base(), 65534, 65534)

    with pytest.raises(ProvisionError, match=r"belongs to .*uid 65534.*, who could .*: .* set TMPDIR"):
        directory.create()


def test_a_directory_that_others_can_only_read_is_closed_to_them(temporary: Path):
    scratch.base().mkdir()
    scratch.base().chmod(0o755)

    directory.create()

    assert stat.S_IMODE(scratch.base().stat().st_mode) == 0o700


def test_what_must_stay_secret_is_never_readable_by_others(temporary: Path):
    place = directory.create()

    assert {path.name: stat.S_IMODE(path.stat().st_mode) for path in place.path.iterdir() if path.is_file()} == {
        "lab.json": 0o600
    }


def test_a_process_is_told_from_one_that_has_its_number_later():
    ours = identity(os.getpid())

    assert ours is not None
    assert ours["pid"] == os.getpid()
    assert int(ours["started"]) > 0
    assert identity(2**22 + 1) is None

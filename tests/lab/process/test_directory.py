import os
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.errors import ProvisionError
from harness.lab.process import directory
from harness.ledger import identity


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
    monkeypatch.setattr(os, "getuid", lambda: 12345)
    directory.base().symlink_to(temporary)

    with pytest.raises(ProvisionError, match="belongs to somebody else"):
        directory.create()


def test_a_process_is_told_from_one_that_has_its_number_later():
    ours = identity(os.getpid())

    assert ours is not None
    assert ours["pid"] == os.getpid()
    assert int(ours["started"]) > 0
    assert identity(2**22 + 1) is None

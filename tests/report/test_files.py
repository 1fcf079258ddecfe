import pytest

from svcproof.errors import ProvisionError
from svcproof.report import files


def test_each_is_written_in_one_step_and_nothing_is_left_beside_them(tmp_path, every_kind):
    path = tmp_path / "junit.xml"
    path.write_text("an older one")

    files.write(tmp_path, every_kind, every_kind.verdicts())

    assert {one.name for one in tmp_path.iterdir()} == set(files.FILES)
    assert path.read_bytes().startswith(b"<?xml version='1.0' encoding='utf-8'?>")


def test_a_place_where_one_cannot_be_written_is_told(tmp_path, every_kind):
    (tmp_path / "junit.xml").mkdir()

    with pytest.raises(ProvisionError, match=r"cannot write .*junit\.xml: Is a directory"):
        files.write(tmp_path, every_kind, every_kind.verdicts())

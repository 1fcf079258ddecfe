"""A site takes its place as a whole, and over nothing but a site."""

from pathlib import Path

import pytest

from svcproof.errors import ProvisionError, UsageError
from svcproof.report.site.writing import MARK, refuse, write

FILES = {"index.html": b"new", MARK: b"{}", "b/x.html": b"x"}


@pytest.fixture
def source(tmp_path):
    (tmp_path / "collected").mkdir()
    return tmp_path / "collected"


def test_a_new_site_takes_the_place_of_the_old_one_and_nothing_is_left(tmp_path, source):
    out = tmp_path / "public"
    write(out, {**FILES, "b/old.html": b"old"})
    refuse(out, source)
    write(out, FILES)

    assert (out / "index.html").read_bytes() == b"new"
    assert not (out / "b" / "old.html").exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["collected", "public"]
    assert out.stat().st_mode & 0o777 == 0o755


@pytest.mark.parametrize("moment", ["writing", "moving"])
def test_a_failure_leaves_the_old_site_whole(tmp_path, monkeypatch, moment):
    out = tmp_path / "public"
    write(out, {**FILES, "index.html": b"old"})
    kind, fails = (Path.write_bytes, "write_bytes") if moment == "writing" else (Path.replace, "replace")

    def fail(path, *arguments):
        if moment == "writing" and path.name == "x.html":
            raise OSError(28, "No space left on device")
        if moment == "moving" and ".new-" in path.name:
            raise OSError(5, "Input/output error")
        return kind(path, *arguments)

    monkeypatch.setattr(Path, fails, fail)
    with pytest.raises(ProvisionError, match="the old one, if there was one, is as it was"):
        write(out, FILES)
    assert (out / "index.html").read_bytes() == b"old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["public"]


def test_a_file_that_somebody_put_into_a_site_is_not_lost(tmp_path, source):
    write(tmp_path / "public", FILES)
    (tmp_path / "public" / ".git").write_text("gitdir: elsewhere")

    with pytest.raises(UsageError, match=r"of no site, such as '\.git', which would be lost"):
        refuse(tmp_path / "public", source)


def test_it_is_written_over_nothing_else(tmp_path, source):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("all my work")
    (tmp_path / "file").write_text("")
    (tmp_path / "link").symlink_to(source)
    for out in (tmp_path / "mine", tmp_path / "file", source, source / "public", tmp_path, tmp_path / "link"):
        with pytest.raises(UsageError, match="--out"):
            refuse(out, source)
    with pytest.raises(UsageError, match="there is no directory"):
        refuse(tmp_path / "no" / "folder", source)
    (tmp_path / "empty").mkdir()
    refuse(tmp_path / "empty", source)
    refuse(tmp_path / "new", source)

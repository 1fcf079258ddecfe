"""A directory is taken for this user's alone only where nobody else could have written it."""

import os
import stat
from pathlib import Path

import pytest

from svcproof.disk import UntrustedError, find_private, make_private

REMEDY = "do something about it"
OTHER = 65534

root = pytest.mark.skipif(os.getuid() != 0, reason="makes directories of another user, which takes root")


def test_what_is_made_is_closed_to_others_with_all_above_it_that_was_missing(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        made = make_private(tmp_path / "a" / "b" / "c", REMEDY)
    finally:
        os.umask(before)

    assert made == tmp_path / "a" / "b" / "c"
    assert {stat.S_IMODE(path.stat().st_mode) for path in (made, made.parent, made.parent.parent)} == {0o700}
    assert find_private(made, REMEDY) == made


def test_what_does_not_exist_is_nothing_to_refuse(tmp_path: Path) -> None:
    assert find_private(tmp_path / "a" / "b", REMEDY) is None


@pytest.mark.parametrize("mode", [0o777, 0o770, 0o720, 0o702, 0o1777])
def test_what_others_can_write_is_refused_for_reading_and_for_writing(tmp_path: Path, mode: int) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a").chmod(mode)

    for use in (find_private, make_private):
        with pytest.raises(UntrustedError, match=f"{tmp_path}/a can be written by other users .*{REMEDY}"):
            use(tmp_path / "a", REMEDY)


@pytest.mark.parametrize("mode", [0o755, 0o750, 0o500, 0o2700])
def test_what_others_can_only_read_is_closed_to_them(tmp_path: Path, mode: int) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a").chmod(mode)

    assert find_private(tmp_path / "a", REMEDY)
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o700


@root
def test_what_belongs_to_another_user_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir(mode=0o700)
    os.chown(tmp_path / "a", OTHER, OTHER)

    for use in (find_private, make_private):
        with pytest.raises(UntrustedError, match=f"belongs to .*uid {OTHER}.*{REMEDY}"):
            use(tmp_path / "a", REMEDY)


@pytest.mark.parametrize("target", ["elsewhere", "nothing"])
def test_a_link_is_refused_even_to_a_directory_of_ours(tmp_path: Path, target: str) -> None:
    (tmp_path / "elsewhere").mkdir(mode=0o700)
    (tmp_path / "a").symlink_to(target)

    for use in (find_private, make_private):
        with pytest.raises(UntrustedError, match=f"is a symbolic link: {REMEDY}"):
            use(tmp_path / "a", REMEDY)
    assert not list((tmp_path / "elsewhere").iterdir())


def test_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a").touch()

    with pytest.raises(UntrustedError, match="is not a directory"):
        find_private(tmp_path / "a", REMEDY)


@pytest.mark.parametrize(("mode", "is_refused"), [(0o777, True), (0o770, True), (0o1777, False), (0o755, False)])
def test_a_directory_above_must_not_let_others_exchange_what_is_in_it(
    tmp_path: Path, mode: int, is_refused: bool
) -> None:
    (tmp_path / "above" / "a").mkdir(parents=True, mode=0o700)
    (tmp_path / "above").chmod(mode)

    if is_refused:
        with pytest.raises(UntrustedError, match=f"chmod go-w {tmp_path}/above, or {REMEDY}"):
            find_private(tmp_path / "above" / "a", REMEDY)
    else:
        assert find_private(tmp_path / "above" / "a", REMEDY)


def test_links_above_are_resolved_once_so_that_nobody_can_turn_them_later(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")

    assert make_private(tmp_path / "link" / "a", REMEDY) == tmp_path / "real" / "a"

"""A tree is removed in whatever state it was left, and what is left of it is told with its reason."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from svcproof.disk import remove_tree

OTHER = 65534
"""The uid of a second user, who needs no entry in passwd."""

pytestmark = pytest.mark.timeout(60)

root = pytest.mark.skipif(os.getuid() != 0, reason="acts as another user, which takes root")


def deep(top: Path, levels: int) -> None:
    """A tree of directories one in another, deeper than any path may be long."""
    top.mkdir()
    at = os.open(top, os.O_RDONLY)
    for _ in range(levels):
        os.mkdir("d", dir_fd=at)
        below = os.open("d", os.O_RDONLY, dir_fd=at)
        os.close(at)
        at = below
    os.close(os.open("file", os.O_CREAT | os.O_WRONLY, dir_fd=at))
    os.close(at)


def open_files() -> list[Path]:
    return sorted(Path("/proc/self/fd").iterdir())


@pytest.fixture
def as_other(tmp_path: Path) -> Iterator[Callable[[str], str]]:
    """Run Python as another user, in a directory that is that user's."""
    place = tmp_path / "other"
    place.mkdir(mode=0o700)
    os.chown(place, OTHER, OTHER)
    for above in (tmp_path, *tmp_path.parents):
        if above.owner() == "root" and above != Path("/"):
            above.chmod(above.stat().st_mode | 0o011)

    def run(script: str) -> str:
        # Imported first: the interpreter itself may be in a directory that is closed to others.
        imports = "import os; from pathlib import Path; from svcproof.disk import remove_tree\n"
        drop = f"os.setgroups([]); os.setgid({OTHER}); os.setuid({OTHER}); os.chdir({str(place)!r})\n"
        command = (sys.executable, "-c", imports + drop + script)
        return subprocess.run(command, capture_output=True, text=True, check=True, cwd=Path.cwd()).stdout

    yield run
    remove_tree(place)


def test_a_tree_is_removed_with_its_files_and_links_and_what_a_link_names_stays(tmp_path: Path) -> None:
    kept, tree = tmp_path / "kept", tmp_path / "tree"
    kept.mkdir()
    (kept / "file").touch()
    (tree / "a" / "b").mkdir(parents=True)
    (tree / "a" / "file").touch()
    (tree / "to-directory").symlink_to(kept)
    (tree / "a" / "to-file").symlink_to(kept / "file")
    (tree / "a" / "to-nothing").symlink_to("nothing")
    os.mkfifo(tree / "pipe")

    assert remove_tree(tree) == ()
    assert not tree.exists()
    assert (kept / "file").exists()


def test_a_link_in_the_place_of_the_tree_is_removed_itself(tmp_path: Path) -> None:
    (tmp_path / "kept" / "in").mkdir(parents=True)
    (tmp_path / "link").symlink_to(tmp_path / "kept")

    assert remove_tree(tmp_path / "link") == ()
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]
    assert (tmp_path / "kept" / "in").exists()


@pytest.mark.parametrize("missing", ["missing", "missing/too"])
def test_what_does_not_exist_is_gone(tmp_path: Path, missing: str) -> None:
    assert remove_tree(tmp_path / missing) == ()


@pytest.mark.parametrize("levels", [1500, 5000])
def test_depth_is_no_obstacle(tmp_path: Path, levels: int) -> None:
    deep(tmp_path / "deep", levels)

    assert remove_tree(tmp_path / "deep") == ()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["with\nnewline", "-rf", "\udcff\udcfe", "a" * 255, " ", "*", "ü"])
def test_any_name_can_be_removed(tmp_path: Path, name: str) -> None:
    (tmp_path / "tree" / name).mkdir(parents=True)
    (tmp_path / "tree" / name / name).touch()

    assert remove_tree(tmp_path / "tree") == ()
    assert list(tmp_path.iterdir()) == []


@root
@pytest.mark.parametrize("mode", [0o000, 0o100, 0o200, 0o400, 0o500])
def test_directories_without_permissions_are_removed_by_their_owner(as_other: Callable[[str], str], mode: int) -> None:
    script = f"""
inner = Path("tree/a/b"); inner.mkdir(parents=True); (inner / "file").touch()
for path in (inner, inner.parent, inner.parent.parent): path.chmod({mode})
print(remove_tree(Path("tree").absolute()), Path("tree").exists())
"""
    assert as_other(script) == "() False\n"


@root
def test_what_another_user_owns_is_told_and_the_rest_is_removed(as_other: Callable[[str], str], tmp_path: Path) -> None:
    foreign = tmp_path / "other" / "tree" / "foreign"
    (foreign / "full").mkdir(parents=True)
    (foreign.parent / "empty").mkdir()
    (foreign.parent / "file").touch()
    foreign.chmod(0o755)
    os.chown(foreign.parent, OTHER, OTHER)

    said = as_other('print(*remove_tree(Path("tree").absolute()), sep="\\n")')

    assert (
        said == f"{foreign}/full: Permission denied; its directory belongs to another user: let that user or root "
        "remove it\n"
    )
    assert [path.name for path in foreign.parent.iterdir()] == ["foreign"]


@root
def test_what_is_immutable_is_told_with_the_remedy_and_the_rest_is_removed(tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    (tree / "a").mkdir(parents=True)
    for name in ("a/fixed\nfile", "a/file", "other"):
        (tree / name).touch()
    if subprocess.run(("chattr", "+i", tree / "a/fixed\nfile"), capture_output=True, check=False).returncode:
        pytest.skip("this file system has no immutable files")
    try:
        (left,) = remove_tree(tree)
    finally:
        subprocess.run(("chattr", "-i", tree / "a/fixed\nfile"), check=True)

    assert "fixed\\nfile" in str(left)
    assert "\n" not in str(left)
    assert "chattr -i" in left.reason
    assert [path.name for path in tree.rglob("*")] == ["a", "fixed\nfile"]
    assert remove_tree(tree) == ()


@root
def test_what_is_mounted_in_it_is_not_entered(tmp_path: Path) -> None:
    kept, tree = tmp_path / "kept", tmp_path / "tree"
    kept.mkdir()
    (kept / "file").touch()
    (tree / "mounted").mkdir(parents=True)
    script = (
        f"mount --bind {kept} {tree}/mounted && {sys.executable} -c "
        f"'from svcproof.disk import *; from pathlib import Path; print(*remove_tree(Path(\"{tree}\")))'"
    )
    ran = subprocess.run(("unshare", "--mount", "sh", "-c", script), capture_output=True, text=True, check=True)

    assert ran.stdout.startswith(f"{tree}/mounted: a file system is mounted there; ")
    assert (kept / "file").exists()


def test_what_is_written_meanwhile_is_removed_too_or_told(tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    ended = threading.Event()

    def write() -> None:
        number = 0
        while not ended.is_set():
            number += 1
            try:
                (tree / f"d{number % 50}").mkdir(parents=True, exist_ok=True)
                (tree / f"d{number % 50}" / f"{number}").touch()
            except (FileNotFoundError, FileExistsError):  # It was removed between two steps of making it.
                continue

    writer = threading.Thread(target=write)
    writer.start()
    try:
        lefts = [remove_tree(tree) for _ in range(50)]
    finally:
        ended.set()
        writer.join()

    assert {left.reason for some in lefts for left in some} <= {
        "Directory not empty; something still writes into it: end that first"
    }
    assert remove_tree(tree) == ()


def test_no_descriptor_is_left_open(tmp_path: Path) -> None:
    before = open_files()
    deep(tmp_path / "deep", 50)
    remove_tree(tmp_path / "deep")
    remove_tree(tmp_path / "missing")

    assert open_files() == before

"""The file system a container sees.

A root of its own, a tmpfs, in which every directory of the machine appears read-only. /tmp and /run are empty and
the container's own, /proc is that of its PID namespace, /dev holds the devices that every container has. Where a
volume has to appear at a path the machine does not have, the directory it belongs in is *opened*: replaced by a
writable one with the same entries. This needs no overlay file system, no second user id and no copy of anything, so
it works in a user namespace as well.
"""

import errno
import os
from pathlib import Path

from .request import Mount
from .syscalls import CLONE_NEWNS, MS_BIND, MS_PRIVATE, MS_REC, detach, make_read_only, mount, pivot_root, unshare

STAGE = "/tmp"
"""A directory that every machine has; covered in this mount namespace only."""
HOST = "/.host"
OWN = {"dev": 0o755, "proc": 0o555, "run": 0o755, "tmp": 0o1777}
DEVICES = ("full", "null", "pts", "random", "tty", "urandom", "zero")
LINKS = {"fd": "/proc/self/fd", "ptmx": "pts/ptmx", "stdin": "fd/0", "stdout": "fd/1", "stderr": "fd/2"}


def make_root(mounts: tuple[Mount, ...]) -> None:
    """Move this process into a new mount namespace with such a root; must run in the container's PID namespace."""
    unshare(CLONE_NEWNS)
    mount("none", "/", flags=MS_REC | MS_PRIVATE)
    mount("container", STAGE, "tmpfs")
    Path(STAGE).chmod(0o755)
    Path(STAGE + HOST).mkdir()
    pivot_root(STAGE, STAGE + HOST)
    os.chdir("/")
    for name, mode in OWN.items():
        Path("/", name).mkdir()
        Path("/", name).chmod(mode)
    _populate("/", skip=frozenset({*OWN, HOST[1:]}))
    _devices()
    mount("proc", "/proc", "proc")
    for one in sorted(mounts, key=lambda one: one.target):
        _attach(one)
    detach(HOST)
    Path(HOST).rmdir()


def _populate(directory: str, skip: frozenset[str] = frozenset()) -> None:
    """Make the machine's entries of `directory` appear in it."""
    for entry in os.scandir(HOST + directory):
        if entry.name in skip:
            continue
        target = Path(directory, entry.name)
        if entry.is_symlink():
            target.symlink_to(Path(entry.path).readlink())
            continue
        if entry.is_dir():
            target.mkdir()
        else:
            target.touch()
        mount(entry.path, str(target), flags=MS_BIND | MS_REC)
        make_read_only(str(target))


def _devices() -> None:
    for name in DEVICES:
        _make(Path("/dev", name), directory=Path(f"{HOST}/dev", name).is_dir())
        mount(f"{HOST}/dev/{name}", f"/dev/{name}", flags=MS_BIND | MS_REC)
    for name, target in LINKS.items():
        Path("/dev", name).symlink_to(target)
    Path("/dev/shm").mkdir()
    Path("/dev/shm").chmod(0o1777)


def _attach(one: Mount) -> None:
    target = os.path.realpath(one.target)
    source = HOST + one.source
    _make_place(Path(target), directory=Path(source).is_dir())
    mount(source, target, flags=MS_BIND | MS_REC)
    if one.read_only:
        make_read_only(target)


def _make_place(target: Path, *, directory: bool) -> None:
    """Make sure that there is something at `target` to mount over."""
    if target.exists():
        return
    try:
        _make(target, directory=directory)
    except OSError as error:
        if error.errno not in (errno.EROFS, errno.EACCES, errno.EPERM):
            raise
        _open(next(str(parent) for parent in target.parents if parent.exists()))
        _make(target, directory=directory)


def _make(place: Path, *, directory: bool) -> None:
    (place if directory else place.parent).mkdir(parents=True, exist_ok=True)
    if not directory:
        place.touch()


def _open(directory: str) -> None:
    """Replace a directory of the machine by a writable one with the same entries."""
    mount("opened", directory, "tmpfs")
    _populate(directory)

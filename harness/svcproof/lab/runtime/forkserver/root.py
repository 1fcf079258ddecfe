"""The file system a container sees, and a program on a node.

A root of its own, a tmpfs, in which every directory of the machine appears read-only. /tmp and /run are empty and
the container's own, /proc is that of its PID namespace, /dev holds the devices that every container has. Where a
volume has to appear at a path the machine does not have, the directory it belongs in is *opened*: replaced by a
writable one with the same entries. This needs no overlay file system, no second user id and no copy of anything, so
it works in a user namespace as well.
"""

import contextlib
import errno
import os
import signal
import stat
from collections.abc import Iterable
from pathlib import Path

from .request import Mount, Root
from .syscalls import (
    CLONE_NEWNS,
    CLONE_NEWUSER,
    MS_BIND,
    MS_NODEV,
    MS_PRIVATE,
    MS_REC,
    detach,
    enter,
    mount,
    pivot_root,
    restrict,
    unshare,
)

STAGE = "/tmp"
"""A directory that every machine has; covered in this mount namespace only."""
HOST = "/.host"
OWN = {"dev": 0o755, "proc": 0o555, "run": 0o755, "tmp": 0o1777}
DEVICES = ("full", "null", "pts", "random", "tty", "urandom", "zero")
TUNNELS = "net/tun"
LINKS = {"fd": "/proc/self/fd", "ptmx": "pts/ptmx", "stdin": "fd/0", "stdout": "fd/1", "stderr": "fd/2"}
COVERED = ("/sys/fs/bpf", "/sys/fs/cgroup")
"""Directories to hide: an eBPF program that is attached or kept there acts on all of the machine, even if the directory
is mounted read-only."""
SYSCTLS = "/proc/sys/net"
"""The sysctls of the network namespace of the process that opens them."""


def make_root(root: Root) -> None:
    """Move this process into a new mount namespace with such a root; must run in the container's PID namespace."""
    unshare(CLONE_NEWNS)
    mount("none", "/", flags=MS_REC | MS_PRIVATE)
    mount("container", STAGE, "tmpfs", MS_NODEV)
    Path(STAGE).chmod(0o755)
    Path(STAGE + HOST).mkdir()
    pivot_root(STAGE, STAGE + HOST)
    os.chdir("/")
    for name, mode in OWN.items():
        Path("/", name).mkdir()
        Path("/", name).chmod(mode)
    _populate("/", skip=frozenset({*OWN, HOST[1:]}))
    if root.node:
        _populate("/tmp", skip=frozenset(_with_sockets("/tmp")))
    _devices((*DEVICES, TUNNELS) if root.sysctls else DEVICES)
    # A kernel may show the variables of a process to whoever has CAP_SYS_ADMIN; those of agents hold a secret.
    _processes("hidepid=ptraceable" if root.node else "", sysctls=root.sysctls)
    covered = (*COVERED, *([root.hidden] if root.hidden else []))
    _cover(covered, "/", "/")
    for volume in sorted(root.mounts, key=lambda volume: volume.target):
        _attach(volume)
        _cover(covered, volume.source, volume.target)
    detach(HOST)
    Path(HOST).rmdir()


def lock_mounts() -> None:
    """Move this process into a copy of its mount namespace that another user namespace owns.

    The kernel lets nobody there unmount what is mounted now, or make writable what is read-only, or mount a /proc or
    /sys that shows more (mount_namespaces(7), "Restrictions on mount namespaces"). Nobody ever is in that user
    namespace: a process beside this one makes it and ends. Where the machine has none to give
    (user.max_user_namespaces is 0), the mounts stay as they are.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        try:
            unshare(CLONE_NEWUSER | CLONE_NEWNS)
            os.write(writing, b"made")
            signal.pause()
        finally:
            os._exit(0)
    os.close(writing)
    try:
        if os.read(reading, 4):
            enter(f"/proc/{child}/ns/mnt", CLONE_NEWNS)
    finally:
        os.close(reading)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def _cover(directories: Iterable[str], source: str, target: str) -> None:
    """Put an empty directory over each of these directories of the machine that is seen below `target`."""
    for directory in directories:
        if Path(directory).is_relative_to(source):
            place = Path(target, Path(directory).relative_to(source))
            if place.is_dir():
                mount("hidden", str(place), "tmpfs", MS_NODEV, "mode=755")
                restrict(str(place), read_only=directory in COVERED)


def _populate(directory: str, skip: frozenset[str] = frozenset()) -> None:
    """Make the machine's entries of `directory` appear in it."""
    for entry in os.scandir(HOST + directory):
        if entry.name in skip:
            continue
        target = Path(directory, entry.name)
        # Others of the machine remove what they have in /tmp while this goes on.
        with contextlib.suppress(FileNotFoundError):
            if entry.is_symlink():
                target.symlink_to(Path(entry.path).readlink())
                continue
            _make(target, directory=entry.is_dir())
            mount(entry.path, str(target), flags=MS_BIND | MS_REC)
            restrict(str(target), read_only=True)


def _with_sockets(directory: str) -> Iterable[str]:
    """The machine's entries of `directory` that are sockets or hold some, which lead to programs of the machine."""
    for entry in os.scandir(HOST + directory):
        # What is gone meanwhile, and what this user may not look into, leads nowhere.
        with contextlib.suppress(FileNotFoundError, PermissionError):
            within = os.scandir(entry.path) if entry.is_dir(follow_symlinks=False) else (entry,)
            if any(stat.S_ISSOCK(file.stat(follow_symlinks=False).st_mode) for file in within):
                yield entry.name


def _processes(options: str, *, sysctls: bool) -> None:
    """Mount /proc, where only what belongs to a process can be written, and the settings of the network."""
    mount("proc", "/proc", "proc", options=options)
    for entry in os.scandir("/proc"):
        if entry.name.isdecimal() or entry.is_symlink():
            continue
        if entry.is_dir() or entry.stat().st_mode & 0o222:
            mount(entry.path, entry.path, flags=MS_BIND | MS_REC)
            restrict(entry.path, read_only=True)
    if sysctls:
        mount(HOST + SYSCTLS, SYSCTLS, flags=MS_BIND)


def _devices(names: Iterable[str]) -> None:
    for name in names:
        if not Path(f"{HOST}/dev", name).exists():
            continue
        _make(Path("/dev", name), directory=Path(f"{HOST}/dev", name).is_dir())
        mount(f"{HOST}/dev/{name}", f"/dev/{name}", flags=MS_BIND | MS_REC)
    for name, target in LINKS.items():
        Path("/dev", name).symlink_to(target)
    Path("/dev/shm").mkdir()
    Path("/dev/shm").chmod(0o1777)


def _attach(volume: Mount) -> None:
    target = os.path.realpath(volume.target)
    source = HOST + volume.source
    _make_place(Path(target), directory=Path(source).is_dir())
    mount(source, target, flags=MS_BIND | MS_REC)
    restrict(target, read_only=volume.read_only)


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
    mount("opened", directory, "tmpfs", MS_NODEV)
    _populate(directory)

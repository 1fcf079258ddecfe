"""Removal of a directory tree that a program, or its user, may have left in any state."""

import errno
import os
import stat
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from svcproof.disk.private import DIRECTORY
from svcproof.errors import ProvisionError
from svcproof.printable import one_line

MOST_SCANS = 5
"""Times a directory is emptied, where something still writes into it."""
MOST_LINES = 10
"""Lines about what is left that are worth reading."""
REMEDIES = {
    errno.EPERM: "it is immutable or append-only, or lies in a directory that is: chattr -i -a, and try again",
    errno.EACCES: "its directory belongs to another user: let that user or root remove it",
    errno.EROFS: "remount its file system for writing",
    errno.EBUSY: "it is in use, such as by a mount: umount it",
    errno.ENOTEMPTY: "something still writes into it: end that first",
}


@dataclass(frozen=True, slots=True)
class Left:
    """A file or directory that could not be removed, and the reason with its remedy."""

    path: str
    reason: str

    def __str__(self) -> str:
        return f"{one_line(self.path)}: {self.reason}"


def remove_tree(path: Path) -> tuple[Left, ...]:
    """Remove a directory and all in it; return what is left, the innermost alone, empty where everything is gone.

    Removes what `shutil.rmtree` gives up on: directories without any permission (`chmod 000`), and trees of any depth,
    since it neither recurses nor uses paths longer than one name. It goes on after what cannot be removed, and raises
    no OSError for that. Links are removed and never followed; what is mounted in the tree is not entered. A path that
    does not exist is gone already; a file or a link at `path` itself is removed.
    """
    try:
        top = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except FileNotFoundError:
        return ()
    except OSError as error:
        return (Left(str(path), _reason(error)),)
    walk = _Walk(str(path.parent), top)
    try:
        walk.remove(path.name)
    finally:
        walk.close()
    return tuple(walk.left)


def remove_or_raise(path: Path) -> None:
    """Remove a tree as `remove_tree` does; raises ProvisionError with what is left of it, a line each."""
    if left := remove_tree(path):
        more = len(left) - MOST_LINES
        lines = [str(entry) for entry in left[:MOST_LINES]] + ([f"and {more} more"] if more > 0 else [])
        raise ProvisionError("\n  ".join(("not all of it could be removed:", *lines)))


@dataclass(slots=True)
class _Level:
    """A directory on the way down: its name in the one above, its device and inode, and the names still in it."""

    name: str
    identity: tuple[int, int]
    names: list[str]
    scans: int = 1
    has_left: bool = False


@dataclass(slots=True)
class _Walk:
    """One walk, depth first; of all directories on its way only the innermost is open."""

    above: str
    descriptor: int
    levels: list[_Level] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)

    def remove(self, name: str) -> None:
        self._remove_entry(name)
        while self.levels:
            if names := self.levels[-1].names:
                self._remove_entry(names.pop())
            else:
                self._leave()

    def close(self) -> None:
        os.close(self.descriptor)

    def _remove_entry(self, name: str) -> None:
        try:
            mode = os.stat(name, dir_fd=self.descriptor, follow_symlinks=False).st_mode
            if stat.S_ISDIR(mode):
                self._enter(name)
            else:
                os.unlink(name, dir_fd=self.descriptor)
        except FileNotFoundError:
            pass
        except OSError as error:
            # An empty directory of another user cannot be opened, and yet be removed.
            with suppress(OSError):
                os.rmdir(name, dir_fd=self.descriptor)
                return
            self._keep(name, _reason(error))

    def _enter(self, name: str, scans: int = 1) -> None:
        entered = _open(name, self.descriptor)
        try:
            level = _Level(name, _identity(entered), os.listdir(entered), scans)  # noqa: PTH208
        except BaseException:
            os.close(entered)
            raise
        self.levels.append(level)
        self._go_to(entered)

    def _leave(self) -> None:
        """Go back to the directory above, and remove the one that has been emptied."""
        parent = os.open("..", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC, dir_fd=self.descriptor)
        level = self.levels.pop()
        if self.levels and _identity(parent) != self.levels[-1].identity:
            os.close(parent)
            self._keep(level.name, "it was moved while it was removed: end what moves it first")
            self.levels.clear()
            return
        self._go_to(parent)
        try:
            os.rmdir(level.name, dir_fd=parent)
        except FileNotFoundError:
            pass
        except OSError as error:
            if level.has_left:
                self._mark()
            elif error.errno in {errno.ENOTEMPTY, errno.EEXIST} and level.scans < MOST_SCANS:
                self._enter_again(level)
            else:
                self._keep(level.name, _reason(error))

    def _enter_again(self, level: _Level) -> None:
        try:
            self._enter(level.name, level.scans + 1)
        except OSError as error:
            self._keep(level.name, _reason(error))

    def _go_to(self, descriptor: int) -> None:
        os.close(self.descriptor)
        self.descriptor = descriptor

    def _keep(self, name: str, reason: str) -> None:
        path = "/".join((self.above, *(level.name for level in self.levels), name))
        self.left.append(Left(path, reason))
        self._mark()

    def _mark(self) -> None:
        if self.levels:
            self.levels[-1].has_left = True


def _open(name: str, parent: int) -> int:
    """Open a directory for listing, whatever its mode; raises OSError for what is mounted there."""
    try:
        opened = os.open(name, DIRECTORY, dir_fd=parent)
    except PermissionError:
        if not hasattr(os, "O_PATH"):
            raise
        # This needs no permission on the directory, and cannot be exchanged for a link between its check and its use.
        opened = os.open(name, os.O_PATH | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=parent)
    try:
        if _mount(opened) != _mount(parent):
            raise OSError(errno.EBUSY, "a file system is mounted there")
        with suppress(OSError):  # What lacks a permission all the same is refused later, with a reason.
            os.chmod(f"/proc/self/fd/{opened}", 0o700)  # noqa: PTH101
        return os.open(".", DIRECTORY, dir_fd=opened)
    finally:
        os.close(opened)


def _mount(descriptor: int) -> str:
    """The mount that a directory is in: a bind mount has the device of what it shows."""
    try:
        lines = Path(f"/proc/self/fdinfo/{descriptor}").read_text().splitlines()
    except OSError:
        return str(os.fstat(descriptor).st_dev)
    return next((line for line in lines if line.startswith("mnt_id:")), "")


def _identity(descriptor: int) -> tuple[int, int]:
    status = os.fstat(descriptor)
    return status.st_dev, status.st_ino


def _reason(error: OSError) -> str:
    cause = error.strerror or str(error)
    remedy = REMEDIES.get(error.errno or 0)
    return f"{cause}; {remedy}" if remedy else cause

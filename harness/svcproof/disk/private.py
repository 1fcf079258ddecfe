"""Directories that are this user's alone: what is read in one, or run from it, nobody else has put there."""

import errno
import os
import pwd
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from svcproof.errors import ProvisionError
from svcproof.printable import one_line

DIRECTORY = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
WRITABLE_BY_OTHERS = stat.S_IWGRP | stat.S_IWOTH


class UntrustedError(ProvisionError):
    """Another user could have written a directory or a file; the message says who, and what to do."""


def make_private(path: Path, remedy: str, *, parents: bool = True) -> Path:
    """Make a directory for this user alone, with `parents` those above it too; return its path without links.

    Raises UntrustedError where it exists and is not this user's alone, OSError where it cannot be made.
    """
    real = path.parent.resolve() / path.name
    for directory in (*(reversed(real.parents) if parents else ()), real):
        try:
            directory.mkdir(mode=0o700)
        except FileExistsError:
            if not directory.is_dir() and not directory.is_symlink():
                raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(directory)) from None
    return find_private(real, remedy) or real


def find_private(path: Path, remedy: str) -> Path | None:
    """Return the path of a directory without links, or None where it does not exist.

    Raises UntrustedError where it is not this user's alone, which ends with the `remedy`; OSError where it cannot be
    looked at. Permissions of others that only let them read are taken away.
    """
    real = path.parent.resolve() / path.name
    for directory in reversed(real.parents):
        _check_above(directory, remedy)
    if not os.path.lexists(real):
        return None
    with opened(real, remedy):
        return real


@contextmanager
def opened(path: Path, remedy: str) -> Iterator[int]:
    """Open a directory that is this user's alone; for reading its files by name, with the descriptor as `dir_fd`.

    Raises UntrustedError where it is not.
    """
    try:
        descriptor = os.open(path, DIRECTORY)
    except NotADirectoryError:
        kind = "a symbolic link" if path.is_symlink() else "not a directory"
        raise UntrustedError(f"{one_line(str(path))} is {kind}: {remedy}") from None
    except PermissionError as error:
        raise UntrustedError(f"{one_line(str(path))} cannot be opened ({error.strerror}): {remedy}") from error
    try:
        status = os.fstat(descriptor)
        if why := why_untrusted(status):
            raise UntrustedError(f"{one_line(str(path))} {why}: {remedy}")
        if stat.S_IMODE(status.st_mode) != 0o700:
            os.fchmod(descriptor, 0o700)
        yield descriptor
    finally:
        os.close(descriptor)


def why_untrusted(status: os.stat_result) -> str:
    """Say how another user could have written a file or a directory; empty where none could."""
    if status.st_uid != os.getuid():
        return f"belongs to {_name(status.st_uid)}, who could have put anything there"
    if status.st_mode & WRITABLE_BY_OTHERS:
        return f"can be written by other users (mode {stat.S_IMODE(status.st_mode):o})"
    return ""


def _check_above(directory: Path, remedy: str) -> None:
    """See that others cannot exchange what is in a directory, as they could in a /tmp without its sticky bit."""
    try:
        mode = directory.stat().st_mode
    except FileNotFoundError:
        return
    if mode & WRITABLE_BY_OTHERS and not mode & stat.S_ISVTX:
        raise UntrustedError(
            f"{directory} can be written by other users (mode {stat.S_IMODE(mode):o}), who could exchange what is in "
            f"it: chmod go-w {directory}, or {remedy}"
        )


def _name(uid: int) -> str:
    try:
        return f"{pwd.getpwuid(uid).pw_name} (uid {uid})"
    except KeyError:
        return f"uid {uid}"

"""Files of this user alone: written whole or not at all, and read only where nobody else could have written them."""

import json
import os
import stat
from pathlib import Path
from typing import Any

from svcproof.disk.private import UntrustedError, why_untrusted
from svcproof.errors import ProvisionError
from svcproof.printable import one_line

LARGEST = 1 << 20
"""Bytes of a record that are read; none of ours is nearly as long."""


class UnreadableError(ProvisionError):
    """A file is not what was written there, such as after a power cut; the message says which, and how it is odd."""


def write_private(path: Path, content: bytes | str, *, durable: bool = False) -> None:
    """Write a file as `write_whole` does, that only this user can read."""
    write_whole(path, content, mode=0o600, durable=durable)


def write_whole(path: Path, content: bytes | str, *, mode: int = 0o644, durable: bool = True) -> None:
    """Write a file in one step, with its mode from the beginning: a reader sees the old file, none, or all of it.

    With `durable` it is on the disk when this returns, and outlives a power cut. Raises OSError.
    """
    draft = path.with_name(f"{path.name}.new")
    draft.unlink(missing_ok=True)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    try:
        with os.fdopen(os.open(draft, flags, mode), "wb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
            os.fchmod(file.fileno(), mode)
        if durable:
            move_whole(draft, path)
        else:
            draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def write_or_raise(path: Path, content: bytes | str, remedy: str) -> None:
    """Write a file as `write_whole` does; raises ProvisionError, with the remedy, where that fails."""
    try:
        write_whole(path, content)
    except OSError as error:
        raise ProvisionError(f"cannot write {path}: {error.strerror}; {remedy}") from error


def move_whole(source: Path, target: Path) -> None:
    """Move a file to its place once it is on the disk, so that a power cut leaves all of it there, or nothing."""
    with source.open("rb") as file:
        os.fsync(file.fileno())
    source.replace(target)
    sync_directory(target.parent)


def sync_directory(path: Path) -> None:
    """Have the names in a directory on the disk when this returns."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read_record(path: Path, directory: int | None = None) -> dict[str, Any]:
    """Read an object of JSON; with the descriptor of a `directory`, the file of this name in it.

    Raises FileNotFoundError where there is none, UntrustedError where another user could have written it, and
    UnreadableError for whatever else it is.
    """
    record = read_json(path, directory)
    if not isinstance(record, dict):
        raise UnreadableError(f"{one_line(str(path))} is not an object of JSON")
    return record


def read_json(path: Path, directory: int | None = None) -> Any:
    """Read any JSON as `read_record` does."""
    content = _content(path, directory)
    if not content:
        raise UnreadableError(f"{one_line(str(path))} is empty")
    try:
        return json.loads(content)
    except (ValueError, RecursionError) as error:
        raise UnreadableError(f"{one_line(str(path))} is not JSON: {error}") from error


def _content(path: Path, directory: int | None) -> bytes:
    name = path if directory is None else path.name
    # Without O_NONBLOCK, a named pipe would be waited for.
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    try:
        descriptor = os.open(name, flags, dir_fd=directory)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise UnreadableError(f"{one_line(str(path))} cannot be read: {error.strerror}") from error
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise UnreadableError(f"{one_line(str(path))} is not a file")
        if why := why_untrusted(status):
            raise UntrustedError(f"{one_line(str(path))} {why}: remove it")
        if status.st_size > LARGEST:
            raise UnreadableError(f"{one_line(str(path))} is larger than any record, which has {LARGEST} bytes at most")
        return os.pread(descriptor, LARGEST, 0)
    finally:
        os.close(descriptor)

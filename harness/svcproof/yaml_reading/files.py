"""Files that users name, as text."""

import codecs
import os
import stat
from pathlib import Path

from svcproof.errors import UsageError
from svcproof.printable import printable

KINDS = {
    stat.S_IFDIR: "a directory",
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


def read_text(path: Path, size: int) -> str:
    """Return the text of a regular file of no more than `size` bytes.

    Raises UsageError where it is anything else, such as a pipe, or cannot be read, or is not text in UTF-8.
    """
    name = printable(str(path))
    try:
        _check(path.stat(), name, size)  # before it is opened: to open a pipe is to wait for whoever writes to it
        with open(path, "rb", opener=_opened) as file:  # Path.open takes no opener
            _check(os.fstat(file.fileno()), name, size)
            content = file.read(size + 1)
    except OSError as error:
        raise UsageError(f"{name}: cannot be read: {error.strerror}") from error
    except ValueError as error:  # a NUL in the path
        raise UsageError(f"{name}: cannot be read: {error}") from error
    if len(content) > size:
        raise UsageError(f"{name}: is larger than {size:,} bytes, which is more than is read of such a file")
    return _decoded(content, name)


def _check(status: os.stat_result, name: str, size: int) -> None:
    kind = stat.S_IFMT(status.st_mode)
    if kind != stat.S_IFREG:
        raise UsageError(f"{name}: cannot be read: it is {KINDS.get(kind, 'something else')}, and not a regular file")
    if status.st_size > size:
        raise UsageError(f"{name}: is of {status.st_size:,} bytes, and no more than {size:,} are read of such a file")


def _opened(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NONBLOCK | os.O_NOCTTY)


def _decoded(content: bytes, name: str) -> str:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise UsageError(f"{name}:1:1: is not a text file in UTF-8: it is in UTF-16; save it as UTF-8")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start]
        line, column = before.count(b"\n") + 1, error.start - before.rfind(b"\n")
        raise UsageError(
            f"{name}:{line}:{column}: is not a text file in UTF-8: {error.reason} (byte {content[error.start]:#04x})"
        ) from error

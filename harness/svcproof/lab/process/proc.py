"""Files of /proc, which are read so often that what reading them costs counts."""

import os
from collections.abc import Iterator
from io import FileIO


def content(path: str) -> str:
    """Return the text of a file of /proc, bytes that are no UTF-8 as question marks; raises OSError."""
    with FileIO(path) as file:
        return file.readall().decode(errors="replace")


def descendants(pid: int) -> Iterator[int]:
    """Yield a process and those it started, theirs too; processes that end meanwhile are left out."""
    yield pid
    threads = f"/proc/{pid}/task"
    try:
        children = [
            int(word)
            for thread in os.listdir(threads)  # noqa: PTH208 - a Path of each would cost more than the reading
            for word in content(f"{threads}/{thread}/children").split()
        ]
    except OSError:
        return
    for child in children:
        yield from descendants(child)

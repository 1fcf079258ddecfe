"""A lock by name, of all processes of this user: it is free again when its holder has ended, however it did."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

from harness.errors import ProvisionError
from harness.ledger.place import state, writing


@contextmanager
def locked(name: str, what: str, remedy: str) -> Iterator[None]:
    """Hold the lock for the time of the context; raises ProvisionError at once where another process has it.

    `what` it guards and what helps are words for that error.
    """
    place = state() / "locks" / name
    with writing(f"the lock on {what}", place):
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        opened = _opened(place)
    with opened as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise ProvisionError(f"{what} is in use by process {file.read() or 'unknown'}: {remedy}") from None
        if not _is(file, place):
            raise ProvisionError(f"{what} was in use until just now: try again")
        try:
            with writing(f"the lock on {what}", place):
                file.truncate(0)
                file.write(str(os.getpid()))
                file.flush()
            yield
        finally:
            place.unlink(missing_ok=True)


def is_locked(name: str) -> bool:
    """Whether another process has the lock."""
    place = state() / "locks" / name
    if not place.exists():
        return False
    with _opened(place) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def sweep() -> None:
    """Remove the files of locks whose holders were killed."""
    for place in (state() / "locks").glob("*"):
        with suppress(ProvisionError), locked(place.name, "", ""):
            pass


def _opened(place: Path) -> TextIO:
    return place.open("a+")


def _is(file: TextIO, place: Path) -> bool:
    """Whether the file is still the one of that name: its holder removes it at the end."""
    return place.exists() and os.path.samestat(os.fstat(file.fileno()), place.stat())

"""A lock by name, of all processes of this user: it is free again when its holder has ended, however it did."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

from svcproof.errors import ProvisionError
from svcproof.ledger.identity import identity
from svcproof.ledger.place import entries_of, make_part, writing

FLAGS = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
LONGEST = 100
"""Characters of a lock's file that are read: a number and a PID namespace."""


@contextmanager
def locked(name: str, what: str, remedy: str) -> Iterator[None]:
    """Hold the lock for the time of the context; raises ProvisionError at once where another process has it.

    `what` it guards and what helps are words for that error.
    """
    note = f"the lock on {what}"
    place = make_part("locks", note) / name
    with writing(note, place):
        opened = _opened(place)
    with opened as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ProvisionError(f"{what} is in use by {_holder(file)}: {remedy}") from None
        if not _is(file, place):
            raise ProvisionError(f"{what} was in use until just now: try again")
        try:
            with writing(note, place):
                file.truncate(0)
                file.write(f"{os.getpid()} {_namespace()}")
                file.flush()
            yield
        finally:
            place.unlink(missing_ok=True)


def is_locked(name: str) -> bool:
    """True if another process has the lock; raises ProvisionError where that cannot be told."""
    place = next((path for path in entries_of("locks") if path.name == name), None)
    if place is None:
        return False
    with writing(f"the lock {name}", place), _opened(place) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def sweep() -> None:
    """Remove the files of locks whose holders were killed."""
    for place in entries_of("locks"):
        with suppress(ProvisionError), locked(place.name, "", ""):
            pass


def _holder(file: TextIO) -> str:
    """The holder in words; its number is one in its own PID namespace."""
    number, _, namespace = file.read(LONGEST).partition(" ")
    if not number.isdecimal():
        return "process unknown"
    return f"process {number}" + (" of another PID namespace" if namespace != _namespace() else "")


def _namespace() -> str:
    ours = identity(os.getpid())
    return ours["namespace"] if ours else ""


def _opened(place: Path) -> TextIO:
    return os.fdopen(os.open(place, FLAGS, 0o600), "r+", errors="replace")


def _is(file: TextIO, place: Path) -> bool:
    """True if the file is still the one of that name: its holder removes it at the end."""
    return place.exists() and os.path.samestat(os.fstat(file.fileno()), place.stat())

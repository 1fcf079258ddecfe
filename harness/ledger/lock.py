"""A lock by name, of all processes of this user: it is free again when its holder has ended, however it did."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from harness.errors import ProvisionError
from harness.ledger.entries import state


@contextmanager
def locked(name: str, what: str, remedy: str) -> Iterator[None]:
    """Hold the lock for the time of the context; raises ProvisionError at once where another process has it.

    `what` it guards and what helps are words for that error.
    """
    place = state() / "locks"
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (place / name).open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            holder = file.read().strip()
            raise ProvisionError(f"{what} is in use by process {holder or 'unknown'}: {remedy}") from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def is_locked(name: str) -> bool:
    """Whether another process has the lock."""
    try:
        with locked(name, name, ""):
            return False
    except ProvisionError:
        return True

"""The cache of components, kept between runs: a folder of the user's, whose programs are run."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from svcproof.disk import UntrustedError, find_private, make_private, remove_or_raise, why_untrusted
from svcproof.errors import ProvisionError
from svcproof.model.cluster import Progress

REMEDY = "see who made it and remove it, or set XDG_CACHE_HOME to a folder of your own"


def cache() -> Path:
    """Return the folder; $XDG_CACHE_HOME/svcproof, by default below ~/.cache."""
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(home) / "svcproof"


def kept(name: str, file: str) -> Path | None:
    """Return a file in a folder of the cache, or None where it is not there, or empty as after a power cut.

    Raises UntrustedError where another user could have written it.
    """
    base = find_private(cache(), REMEDY)
    folder = base and find_private(base / name, REMEDY)
    if not folder:
        return None
    try:
        status = (folder / file).lstat()
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(status.st_mode):
        raise UntrustedError(f"{folder / file} is not a file: remove it")
    if why := why_untrusted(status):
        raise UntrustedError(f"{folder / file} {why}: remove it")
    return folder / file if status.st_size else None


@contextmanager
def alone(name: str, progress: Progress) -> Iterator[Path]:
    """Hold a folder of the cache against other runs, without what a killed one left half made in it; its path.

    Raises ProvisionError where it cannot be written, or others could have.
    """
    try:
        folder = make_private(make_private(cache(), REMEDY) / name, REMEDY)
        lock = FileLock(folder / "lock")
        try:
            lock.acquire(timeout=0)
        except Timeout:
            progress(f"waiting for another run, which is obtaining {name}")
            lock.acquire()
    except OSError as error:
        remedy = "set XDG_CACHE_HOME to a folder that can be written"
        raise ProvisionError(f"{cache() / name} cannot be written ({error.strerror}): {remedy}") from error
    try:
        for unfinished in folder.glob("new-*"):
            remove_or_raise(unfinished)
        yield folder
    finally:
        lock.release()

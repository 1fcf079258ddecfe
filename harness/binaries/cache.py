"""Where components are kept between runs: a folder of the user's."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from harness.errors import ProvisionError
from harness.model.cluster import Progress


def cache() -> Path:
    """Return the folder; $XDG_CACHE_HOME/svcproof, by default below ~/.cache."""
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(home) / "svcproof"


@contextmanager
def alone(folder: Path, progress: Progress) -> Iterator[None]:
    """Hold a folder of the cache against other runs, without what a killed one left half made in it.

    Raises ProvisionError where it cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / "lock")
        try:
            lock.acquire(timeout=0)
        except Timeout:
            progress(f"waiting for another run, which is obtaining {folder.name}")
            lock.acquire()
    except OSError as error:
        remedy = "set XDG_CACHE_HOME to a folder that can be written"
        raise ProvisionError(f"{folder} cannot be written ({error.strerror}): {remedy}") from error
    try:
        for left in folder.glob("new-*"):
            shutil.rmtree(left)
        yield
    finally:
        lock.release()

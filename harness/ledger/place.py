"""Where this user's state is kept, which outlives runs."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from harness.errors import ProvisionError


def state() -> Path:
    """The directory of it. https://specifications.freedesktop.org/basedir-spec/."""
    home = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(home) / "svcproof"


@contextmanager
def writing(what: str, where: Path) -> Iterator[None]:
    """Write state inside: raises ProvisionError with what to do where that fails, such as on a full disk."""
    try:
        yield
    except OSError as error:
        raise ProvisionError(
            f"cannot write {what}, {where}: {error.strerror or error}; make room there, or set XDG_STATE_HOME to a "
            "directory that can be written"
        ) from error

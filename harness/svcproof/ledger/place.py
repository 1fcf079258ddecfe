"""The directory of this user's state, which outlives runs."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from svcproof.disk import find_private, make_private
from svcproof.errors import ProvisionError

REMEDY = "see who made it and remove it, or set XDG_STATE_HOME to a directory of your own"


def state() -> Path:
    """The directory of it. https://specifications.freedesktop.org/basedir-spec/."""
    home = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(home) / "svcproof"


def make_part(name: str, what: str) -> Path:
    """Make a directory of the state, for this user alone, in which `what` is kept.

    Raises ProvisionError where it cannot be made, or others could have written it.
    """
    with writing(what, state() / name):
        return make_private(make_private(state(), REMEDY) / name, REMEDY)


def entries_of(name: str) -> tuple[Path, ...]:
    """The content of a directory of the state, sorted; empty if there is no such directory.

    Raises ProvisionError where others could have written it.
    """
    try:
        base = find_private(state(), REMEDY)
        part = base and find_private(base / name, REMEDY)
        return tuple(sorted(part.iterdir())) if part else ()
    except OSError as error:
        raise ProvisionError(f"cannot read {state() / name}: {error.strerror or error}") from error


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

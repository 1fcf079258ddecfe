"""Directories that last as long as their process: `<tmp>/svcproof-<uid>/<pid>-<random>/`, removed after a kill."""

import json
import os
import secrets
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from svcproof.disk import make_private, remove_tree, write_private
from svcproof.errors import ProvisionError
from svcproof.ledger.identity import Identity, identity

RECORD = "lab.json"
REMEDY = "see who made it and remove it, or set TMPDIR to a directory of your own"


def base() -> Path:
    """The directory of all of them, of this user."""
    return Path(tempfile.gettempdir()) / f"svcproof-{os.getuid()}"


def own() -> Path:
    """Make a directory that is this process's: `svcproof clean` removes it where the process is killed.

    Raises ProvisionError where it cannot be made, or others could write there.
    """
    try:
        path = make_private(base(), REMEDY, parents=False) / f"{os.getpid()}-{secrets.token_hex(2)}"
        draft = path.with_name(f".{path.name}")  # Never seen without its record.
        draft.mkdir(mode=0o700)
        record(draft, {"harness": identity(os.getpid())})
        draft.rename(path)
    except OSError as error:
        raise ProvisionError(f"cannot make a directory in {base()}: {error}; set TMPDIR to one that can") from error
    return path


@contextmanager
def scratch() -> Iterator[Path]:
    """Have such a directory for the time of the context; raises ProvisionError as `own` does."""
    path = own()
    try:
        yield path
    finally:
        remove_tree(path)


def record(path: Path, processes: Mapping[str, Identity | None]) -> None:
    """Record whose a directory is; raises OSError."""
    write_private(path / RECORD, json.dumps(processes))

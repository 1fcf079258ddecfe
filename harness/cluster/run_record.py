"""The facts that a run has noted of its cluster, as far as its entry in the ledger can be read."""

import os
import re
import stat
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from harness.ledger import Entry

SOCKETS = re.compile(r"svcproof-\w{8}")
"""The names that `tempfile` gives the directories of agents' sockets."""


class Facts(BaseModel, frozen=True):
    """The facts of a run on a cluster that exists; the server is empty until something has begun to be made."""

    server: str = ""
    namespaces: tuple[str, ...] = ()
    metallb: bool = False
    proxy: bool = False
    agent: dict[str, Any] | None = None
    sockets: Path | None = None


Noted = TypeVar("Noted", bound=BaseModel)


def read(entry: Entry, kind: type[Noted]) -> tuple[Noted, str]:
    """Return the facts, and why they cannot be read, in which case nothing is known; empty where they can."""
    if oddity := entry.oddity:
        return kind(), oddity
    try:
        return kind.model_validate(dict(entry.facts)), ""
    except ValidationError as error:
        problem = error.errors()[0]
        return kind(), f"its record has an odd {'.'.join(map(str, problem['loc']))}: {problem['msg']}"


def is_directory_of_sockets(path: Path) -> bool:
    """True if a directory is one that a run of this user has made for sockets, whatever a record says."""
    try:
        status = path.lstat()
    except (OSError, ValueError):
        return False
    is_private = status.st_uid == os.getuid() and stat.S_IMODE(status.st_mode) == 0o700
    return is_private and stat.S_ISDIR(status.st_mode) and bool(SOCKETS.fullmatch(path.name))

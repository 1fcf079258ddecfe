"""The labs of this user: those that run, and the leftovers of killed harnesses."""

import re
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from svcproof.disk import UnreadableError, find_private, opened, read_record, remove_or_raise
from svcproof.errors import ProvisionError
from svcproof.lab.directory import Directory
from svcproof.ledger import Fate, Identity, LeftAlone, began_before_this_boot, fate, identity, kill, parsed, scratch
from svcproof.limits import Provision
from svcproof.printable import one_line

OURS = re.compile(r"\.?(\d+)-[0-9a-f]{4}")
"""The name that `scratch.own` gives: after the harness's process; with a dot until its record is written."""


@dataclass(frozen=True, slots=True)
class LeftoverLab:
    """A lab whose harness is gone, or a directory of a run without one; `process` is the lab's, where it still runs."""

    path: Path
    process: Identity | None
    lab: bool
    oddity: str = ""
    """The reason that its record cannot be read, or empty."""

    @property
    def harness(self) -> int:
        """The process id of the harness, after which the directory is named."""
        return int(self.path.name.lstrip(".").partition("-")[0])

    def __str__(self) -> str:
        subject = "the lab" if self.lab else "the directory of a run,"
        running = f", process {self.process['pid']}" if self.process else ""
        return f"{subject} {self.path}{running}" + (f" ({self.oddity})" if self.oddity else "")

    def remove(self) -> None:
        """End what still runs of it and remove its directory; raises OSError or ProvisionError where that fails."""
        if self.process:
            kill(self.process)
        deadline = time.monotonic() + (Provision.KILLED_LAB_ENDED.seconds if self.process else 0)
        while True:
            try:
                return remove_or_raise(self.path)
            except ProvisionError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)


def find() -> tuple[LeftoverLab | LeftAlone, ...]:
    """Find the labs whose harness is gone, and those that cannot be judged.

    Raises ProvisionError where others could have written the directory of all labs.
    """
    judged = (_judged(place) for place in _directories())
    return tuple(leftover for leftover in judged if leftover)


def alive() -> tuple[Directory, ...]:
    """The labs that run, the latest last; raises ProvisionError as `find` does."""
    running = [place for place in _directories() if _judged(place) is None and place.control.exists()]
    return tuple(sorted(running, key=lambda place: place.record.stat().st_mtime))


def _directories() -> Iterator[Directory]:
    base = find_private(scratch.base(), scratch.REMEDY)
    for path in sorted(base.iterdir()) if base else ():
        if OURS.fullmatch(path.name):
            yield Directory(path)


def _judged(place: Directory) -> LeftoverLab | LeftAlone | None:
    """Judge whether a directory is left over; None where its harness runs."""
    try:
        record = read(place)
        harness, lab = (parsed(record.get(key)) for key in ("harness", "lab"))
        if harness is None or (lab is None and record.get("lab") is not None):
            raise UnreadableError(f"{place.record} is not the record of a lab")
    except FileNotFoundError:
        return _unrecorded(place, "")
    except UnreadableError as error:
        return _unrecorded(place, str(error))
    except ProvisionError as error:
        return LeftAlone(f"the directory {one_line(str(place.path))}", str(error))
    judged = fate(harness)
    if judged is Fate.RUNS:
        return None
    if judged is Fate.ENDED:
        return LeftoverLab(place.path, lab if lab and fate(lab) is Fate.RUNS else None, "lab" in record)
    return LeftAlone(f"the lab {place.path}", judged.value, in_use=True)


def read(place: Directory, name: Path | None = None) -> dict[str, Any]:
    """Read the record of a lab, or another that it has.

    Raises FileNotFoundError where there is none, UnreadableError where it is none, UntrustedError where others could
    have written it.
    """
    with opened(place.path, "remove it") as descriptor:
        return read_record(name or place.record, descriptor)


def _unrecorded(place: Directory, why: str) -> LeftoverLab | LeftAlone | None:
    """Judge a directory whose record is odd, as after a power cut, or missing, as when killed while it was made."""
    match = OURS.fullmatch(place.path.name)
    number = int(match[1]) if match else 0
    if not place.path.exists():
        return None
    if began_before_this_boot(place.path) or (identity(number) is None and not _listens(place)):
        return LeftoverLab(place.path, None, lab=False, oddity=why)
    if not why:
        return None
    remedy = "once no lab runs in it, remove that directory"
    return LeftAlone(f"the lab {place.path}", f"{why}, and it may be in use, by process {number}; {remedy}")


def _listens(place: Directory) -> bool:
    """True if the process of a lab runs, in whichever namespace."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(Provision.KILLED_LAB_ENDED.seconds)
        return connection.connect_ex(str(place.control)) == 0

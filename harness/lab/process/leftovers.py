"""Labs that run on this machine, and what killed harnesses left of theirs; of this user alone."""

import json
import os
import re
import shutil
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from harness.lab.process import directory
from harness.lab.process.directory import Directory
from harness.ledger import Identity, identity

OURS = re.compile(r"\d+-[0-9a-f]{4}")
"""How `directory.create` names a lab: after its harness's process."""


@dataclass(frozen=True, slots=True)
class Leftover:
    """A lab whose harness is gone, or a directory of a run without one; `pid` is the lab's, where it still runs."""

    path: Path
    pid: int | None
    lab: bool

    def __str__(self) -> str:
        what = "the lab" if self.lab else "the directory of a run,"
        return f"{what} {self.path}" + (f", process {self.pid}" if self.pid else "")

    def remove(self) -> None:
        """End what still runs of it and remove its directory; raises OSError where that fails."""
        if self.pid:
            os.kill(self.pid, signal.SIGKILL)
        shutil.rmtree(self.path)


def find() -> tuple[Leftover, ...]:
    """Find the labs whose harness is gone."""
    return tuple(
        Leftover(place.path, lab["pid"] if _runs(lab := record.get("lab")) and lab else None, "lab" in record)
        for place, record in _recorded()
        if not _runs(record["harness"])
    )


def alive() -> tuple[Directory, ...]:
    """The labs that run, the latest last."""
    running = [place for place, record in _recorded() if _runs(record["harness"]) and place.control.exists()]
    return tuple(sorted(running, key=lambda place: place.record.stat().st_mtime))


def _recorded() -> Iterator[tuple[Directory, dict[str, Identity | None]]]:
    base = directory.base()
    for path in sorted(base.iterdir()) if base.exists() else ():
        if not OURS.fullmatch(path.name):
            continue
        place = Directory(path)
        try:
            yield place, json.loads(place.record.read_text())
        except FileNotFoundError:
            # Killed before it wrote one; the directory's name begins with the harness's number.
            yield place, {"harness": identity(int(path.name.partition("-")[0]))}


def _runs(known: Identity | None) -> bool:
    return known is not None and identity(known["pid"]) == known

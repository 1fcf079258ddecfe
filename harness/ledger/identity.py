"""Which process it is: a number alone is given again after its process has ended."""

import subprocess
from pathlib import Path
from typing import TypedDict


class Identity(TypedDict):
    """A process by number and start time."""

    pid: int
    started: str
    """Clock ticks since boot, the 22nd field of /proc/<pid>/stat (proc(5)); without /proc, what ps calls lstart."""


def identity(pid: int) -> Identity | None:
    """Return the process that has this number now, or None where there is none."""
    if not Path("/proc/self/stat").exists():
        return _from_ps(pid)
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] in {"Z", "X"} else {"pid": pid, "started": fields[19]}


def _from_ps(pid: int) -> Identity | None:
    said = subprocess.run(("ps", "-o", "lstart=", "-p", str(pid)), capture_output=True, text=True, check=False)
    started = said.stdout.strip()
    return {"pid": pid, "started": started} if started else None

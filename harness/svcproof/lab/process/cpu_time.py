"""The CPU time that a program has used, with all that it started."""

import os

from svcproof.lab.process.proc import content, descendants

TICKS = os.sysconf("SC_CLK_TCK")
USED = slice(11, 15)
"""utime, stime and those of children waited for, in what follows the name in /proc/PID/stat: proc(5)."""


def cpu_time(pid: int) -> float:
    """The CPU time in seconds of a process, of those that descend from it, and of those that ended among them."""
    return sum(map(_of_one, descendants(pid)))


def _of_one(pid: int) -> float:
    try:
        columns = content(f"/proc/{pid}/stat").rpartition(")")[2].split()
    except OSError:
        return 0.0  # It has just ended; whoever started it has its time now, or soon.
    return sum(map(int, columns[USED])) / TICKS

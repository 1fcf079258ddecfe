"""The kernel's counters of CPU time and of waiting for it, of this machine and of the containers this process is in.

Their formats are in the kernel's documentation: accounting/psi.rst, filesystems/proc.rst, admin-guide/cgroup-v2.rst and
scheduler/sched-bwc.rst. A machine need not have any of them.
"""

import os
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
BUSY = (0, 1, 2, 5, 6)
"""Columns of `cpu` in /proc/stat: user, which includes guests, nice, system, irq, softirq."""
STEAL = 7
THROTTLED = {"throttled_usec": 1e6, "throttled_time": 1e9}
"""Counters of cpu.stat in cgroups of version 2 and of version 1, and their units in a second."""
MOUNTS = ("", "unified", "cpu", "cpu,cpuacct")
"""Places below /sys/fs/cgroup at which there are cgroups that have to do with CPUs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counters:
    """Counters at one moment of the monotonic clock, in seconds.

    `waits` are the times for which something waited for a CPU, `throttled` those for which it was not allowed to run:
    one figure for each file that has it. `busy` and `stolen` are sums over all CPUs.
    """

    at: float
    waits: tuple[float, ...] = ()
    throttled: tuple[float, ...] = ()
    busy: float = 0.0
    stolen: float = 0.0


class CounterFiles:
    """The files of this machine that have counters."""

    def __init__(self, root: Path = Path("/")) -> None:
        """Find them: those of this machine, and of the cgroups of this process and all above."""
        proc, groups = root / "proc", tuple(_groups(root))
        self._stat = proc / "stat"
        pressure = (proc / "pressure/cpu", *(place / "cpu.pressure" for place in groups))
        self._pressure = [file for file in pressure if _text(file)]
        self._limits = [file for file in (place / "cpu.stat" for place in groups) if throttled(_text(file)) is not None]

    def read(self) -> Counters:
        """Read all of them now."""
        busy, stolen = cpu_time(_text(self._stat))
        return Counters(
            at=time.monotonic(),
            waits=tuple(waited(_text(file)) for file in self._pressure),
            throttled=tuple(throttled(_text(file)) or 0.0 for file in self._limits),
            busy=busy,
            stolen=stolen,
        )


def cpu_time(stat: str) -> tuple[float, float]:
    """The CPU time used and that stolen by the hypervisor, in seconds, from the text of /proc/stat."""
    columns = [int(word) / TICKS for word in stat.partition("\n")[0].split()[1:]]
    stolen = columns[STEAL] if len(columns) > STEAL else 0.0
    return sum(columns[column] for column in BUSY if column < len(columns)), stolen


def waited(pressure: str) -> float:
    """The seconds for which something waited for a CPU, from the text of /proc/pressure/cpu or a cpu.pressure."""
    some = next((line for line in pressure.splitlines() if line.startswith("some ")), "")
    return int(some.rpartition("total=")[2] or 0) / 1e6


def throttled(stat: str) -> float | None:
    """The seconds for which a cgroup was not allowed to run, from the text of its cpu.stat; None if that has none."""
    counters = dict(line.split() for line in stat.splitlines())
    return next((int(counters[name]) / unit for name, unit in THROTTLED.items() if name in counters), None)


def _groups(root: Path) -> Iterator[Path]:
    """Yield the directories of the cgroups of this process and of those above, at each mount that may have them."""
    own = {line.split(":", 2)[2] for line in _text(root / "proc/self/cgroup").splitlines()}
    names = {str(place) for group in own for place in (Path(group), *Path(group).parents)}
    for mount in MOUNTS:
        yield from (root / "sys/fs/cgroup" / mount / name.lstrip("/") for name in sorted(names))


def _text(file: Path) -> str:
    with suppress(OSError):  # A kernel without it, or a cgroup that has just gone.
        return file.read_text()
    return ""

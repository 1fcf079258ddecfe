"""Processes told apart: a number is given again after its process has ended, and counts in its PID namespace alone."""

import os
import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from enum import Enum
from pathlib import Path
from typing import TypedDict, cast

from svcproof.commands import Command
from svcproof.limits import Request

LARGEST_PID = 1 << 22
"""https://man7.org/linux/man-pages/man5/proc_sys_kernel.5.html, of pid_max."""
BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
PID_NAMESPACE = Path("/proc/self/ns/pid")
MACHINE_ID = Path("/etc/machine-id")


class Identity(TypedDict):
    """A process by number and start time, in a PID namespace, since a boot, of a machine."""

    pid: int
    started: str
    """Clock ticks since boot, the 22nd field of /proc/<pid>/stat (proc(5)); without /proc, what ps calls lstart."""
    namespace: str
    """The inode of the PID namespace: in another one, the same number is another process."""
    boot: str
    """The boot id of the kernel: no process outlives it."""
    machine: str
    """The machine id, since a home directory may be shared by several."""


class Fate(Enum):
    """The fate of a recorded process, as far as this process can tell."""

    RUNS = "it runs"
    ENDED = "it has ended"
    OF_ANOTHER_NAMESPACE = "it is of another PID namespace, such as another container's"
    OF_ANOTHER_MACHINE = "it is of another machine"


def identity(pid: int) -> Identity | None:
    """Return the process that has this number now, or None where there is none."""
    started = _started(pid) if Path("/proc/self/stat").exists() else _asked_of_ps("lstart", pid)
    if not started:
        return None
    boot, machine = (path.read_text().strip() if path.exists() else "" for path in (BOOT_ID, MACHINE_ID))
    namespace = str(PID_NAMESPACE.stat().st_ino) if PID_NAMESPACE.exists() else ""
    return {"pid": pid, "started": started, "namespace": namespace, "boot": boot, "machine": machine}


def parsed(record: object) -> Identity | None:
    """Return a recorded identity, or None where the record is none."""
    if not isinstance(record, Mapping) or record.keys() != Identity.__annotations__.keys():
        return None
    if not all(type(record[key]) is kind for key, kind in Identity.__annotations__.items()):
        return None
    return cast(Identity, dict(record)) if 0 < record["pid"] <= LARGEST_PID else None


def fate(known: Identity) -> Fate:
    """Judge whether a recorded process runs; by its number only where that counts."""
    ours = identity(os.getpid())
    if ours is None or known["machine"] != ours["machine"]:
        return Fate.OF_ANOTHER_MACHINE
    if known["boot"] != ours["boot"]:
        return Fate.ENDED
    if known["namespace"] != ours["namespace"] or not _numbers_count():
        return Fate.OF_ANOTHER_NAMESPACE
    return Fate.RUNS if identity(known["pid"]) == known else Fate.ENDED


def kill(known: Identity, number: signal.Signals = signal.SIGKILL) -> None:
    """End a recorded process by a signal, if it runs and is this user's; raises OSError where that fails."""
    with suppress(ProcessLookupError), _held(known["pid"]) as send:
        if fate(known) is Fate.RUNS and _is_ours(known["pid"]):
            send(number)


@contextmanager
def _held(pid: int) -> Iterator[Callable[[int], None]]:
    """A way to signal the process that has this number now, and no other that has it later."""
    if not hasattr(os, "pidfd_open"):
        yield lambda number: os.kill(pid, number)
        return
    descriptor = os.pidfd_open(pid)
    try:
        yield lambda number: signal.pidfd_send_signal(descriptor, number)
    finally:
        os.close(descriptor)


def began_before_this_boot(path: Path) -> bool:
    """True if a file or directory was last changed before the machine came up: whoever changed it has ended."""
    try:
        lines = Path("/proc/stat").read_text().splitlines()
    except OSError:
        return False
    boot = next((line for line in lines if line.startswith("btime ")), "btime 0")
    return path.lstat().st_ctime < int(boot.split()[1])


def _started(pid: int) -> str:
    try:
        fields = (
            Path("/proc", "self" if pid == os.getpid() else str(pid), "stat")
            .read_text(errors="replace")
            .rpartition(")")[2]
            .split()
        )
    except OSError:
        return ""
    return "" if fields[0] in {"Z", "X"} else fields[19]


def _numbers_count() -> bool:
    """False where /proc shows the numbers of another PID namespace, as after `unshare --pid` without --mount-proc."""
    return not PID_NAMESPACE.exists() or Path("/proc/self").readlink() == Path(str(os.getpid()))


def _asked_of_ps(column: str, pid: int) -> str:
    """A column of what ps prints of a process; empty where there is no such process."""
    return Command(("ps", "-o", f"{column}=", "-p", str(pid)), Request.PROGRAM_VERSION).run().stdout_text.strip()


def _is_ours(pid: int) -> bool:
    """True if a process has this user's real uid; the owner of /proc/<pid> may be root all the same (proc(5))."""
    if not Path("/proc/self/status").exists():
        return _asked_of_ps("ruid", pid) == str(os.getuid())
    try:
        lines = Path(f"/proc/{pid}/status").read_text(errors="replace").splitlines()
    except OSError:
        return False
    return next((line.split()[1] for line in lines if line.startswith("Uid:")), "") == str(os.getuid())

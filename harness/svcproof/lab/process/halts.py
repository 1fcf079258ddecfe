"""Times at which a program did not run through no doing of its own: stopped, traced, frozen, or held up by the disk.

A program that hangs by itself sleeps (state S), and that is its own fault. The states are those of proc(5).
"""

import asyncio
import re
import time
from dataclasses import dataclass

from svcproof.lab.process.proc import content, descendants

EVERY = 0.25
LONG = 1.0
"""Seconds that a process may wait for the disk (state D) as any does."""
MOST_KEPT = 100
STOPPED = {"T": "was stopped, as by SIGSTOP", "t": "was stopped by its debugger"}
FROZEN = ("freezer", "refrigerator")
"""Parts of the names of the functions of the kernel in which a frozen process waits."""
STATUS = re.compile(r"Name:\t(.*)\n(?:.*\n)*?State:\t(\w).*\n(?:.*\n)*?TracerPid:\t(\d+)\n")


@dataclass(slots=True)
class Halt:
    """A time at which a process of a program did not run; `until` is the time of the last look at it."""

    description: str
    began: float
    until: float
    bearable: float = 0.0
    """The number of seconds that are normal for such a halt."""


class Halts:
    """The halts of one program and of all that descends from it, by the machine's monotonic clock."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._halts: list[Halt] = []

    async def follow(self) -> None:
        """Look for halts again and again, without end."""
        while True:
            self.look()
            await asyncio.sleep(EVERY)

    def look(self) -> None:
        """Note the processes that are halted now."""
        now = time.monotonic()
        tree = tuple(descendants(self._pid))
        for pid in tree:
            if description := state(pid, tree):
                self._note(description, now, LONG if description.endswith("(D)") else 0.0)

    def since(self, moment: float) -> str:
        """Describe the halts at `moment` or later; empty if there were none."""
        self.look()
        return "; ".join(
            halt.description
            for halt in self._halts
            if halt.until >= moment and halt.until - halt.began >= halt.bearable
        )

    def _note(self, description: str, now: float, bearable: float) -> None:
        for halt in self._halts:
            if halt.description == description and now - halt.until < LONG:
                halt.until = now
                return
        self._halts = [*self._halts[-MOST_KEPT:], Halt(description, now, now, bearable)]


def state(pid: int, own: tuple[int, ...]) -> str:
    """Describe what keeps a process from running; empty if nothing does. A process of its `own` may trace it."""
    try:
        status, waits = STATUS.match(content(f"/proc/{pid}/status")), content(f"/proc/{pid}/wchan")
    except OSError:
        return ""  # It has just ended.
    if status is None:
        return ""
    process, letter, tracer = f"process {pid} ({status[1]})", status[2], int(status[3])
    if any(part in waits for part in FROZEN):
        return f"{process} was frozen"
    if tracer and tracer not in own:
        return f"{process} was traced by process {tracer}"
    if letter in STOPPED and not tracer:
        return f"{process} {STOPPED[letter]} ({letter})"
    return f"{process} waited for the disk (D)" if letter == "D" else ""

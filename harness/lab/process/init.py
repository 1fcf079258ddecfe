"""The first process in a lab's PID namespace: when it ends, the kernel ends all others.

    python3 init.py COMMAND [ARGUMENT ...]

It runs COMMAND, reaps orphans, and ends with COMMAND, or as soon as standard input is closed. The other end of
standard input is held by the harness alone, so that a lab ends with its harness, however that one dies. It is a
file of the standard library only, run on its own, to stay small.
"""

import ctypes
import os
import sys
import threading
from pathlib import Path

RUN = "/run"
NAMES = ("/etc/resolv.conf", "/etc/hosts", "/etc/hostname")
MS_NOSUID_NODEV = 0x2 | 0x4


def main() -> None:
    """Prepare /run, start the command, wait for whatever ends first."""
    hide_run()
    nothing = (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0)
    child = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, file_actions=[nothing])
    threading.Thread(target=end_with_the_harness, daemon=True).start()
    while True:
        pid, status = os.wait()
        if pid == child:
            os._exit(max(os.waitstatus_to_exitcode(status), 1))


def hide_run() -> None:
    """Mount an empty /run, where `ip netns` keeps its namespaces and programs their locks."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.mount(b"tmpfs", RUN.encode(), b"tmpfs", MS_NOSUID_NODEV, b"mode=755"):
        sys.exit(f"cannot mount a tmpfs on {RUN}: {os.strerror(ctypes.get_errno())}")
    for name in NAMES:
        # Where systemd-resolved runs, resolv.conf is a link into /run; pods need something to mount theirs on.
        target = Path(name).resolve()
        if target.is_relative_to(RUN):
            target.parent.mkdir(parents=True, exist_ok=True)
            target.touch()


def end_with_the_harness() -> None:
    """Wait until standard input is closed, and end everything."""
    while os.read(0, 4096):
        pass
    os._exit(0)


if __name__ == "__main__":
    main()

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
TERMINALS = "/dev/pts"
MS_NOSUID = 0x2


def main() -> None:
    """Prepare /run and the terminals, start the command, wait for whatever ends first."""
    mount_own("tmpfs", RUN, "mode=755")
    mount_own("devpts", TERMINALS, "newinstance,ptmxmode=0666,mode=620")
    make_name_files()
    nothing = (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0)
    child = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, file_actions=[nothing])
    threading.Thread(target=end_with_the_harness, daemon=True).start()
    while True:
        pid, status = os.wait()
        if pid == child:
            os._exit(max(os.waitstatus_to_exitcode(status), 1))


def mount_own(filesystem: str, directory: str, options: str) -> None:
    """Mount a file system of the lab's own over a directory of the machine.

    `ip netns` keeps its namespaces in /run, and programs their locks; who can open a terminal can type into it.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    words = (filesystem.encode(), directory.encode(), filesystem.encode(), MS_NOSUID, options.encode())
    if libc.mount(*words):
        sys.exit(f"cannot mount a {filesystem} on {directory}: {os.strerror(ctypes.get_errno())}")


def make_name_files() -> None:
    """Put an empty file where a file of names is a link into /run."""
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

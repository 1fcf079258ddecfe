"""The lock on the mounts of a process, so that a program with CAP_SYS_ADMIN cannot make them writable again."""

import os
import signal

from .syscalls import CLONE_NEWNS, CLONE_NEWUSER, enter, unshare


def lock_mounts() -> None:
    """Move this process into a copy of its mount namespace that another user namespace owns.

    The kernel lets nobody there unmount what is mounted now, or make writable what is read-only, or mount a /proc or
    /sys that shows more (mount_namespaces(7), "Restrictions on mount namespaces"). Nobody ever is in that user
    namespace: a process beside this one makes it and ends. Where the machine has none to give
    (user.max_user_namespaces is 0), the mounts stay as they are.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        try:
            unshare(CLONE_NEWUSER | CLONE_NEWNS)
            os.write(writing, b"made")
            signal.pause()
        finally:
            os._exit(0)
    os.close(writing)
    try:
        if os.read(reading, 4):
            enter(f"/proc/{child}/ns/mnt", CLONE_NEWNS)
    finally:
        os.close(reading)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)

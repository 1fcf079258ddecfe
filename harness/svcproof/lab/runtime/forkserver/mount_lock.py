"""Locking the mounts of a process, so that a program with CAP_SYS_ADMIN cannot make them writable again."""

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
    told, tell = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(told)
        try:
            unshare(CLONE_NEWUSER | CLONE_NEWNS)
            os.write(tell, b"made")
            signal.pause()
        finally:
            os._exit(0)
    os.close(tell)
    try:
        if os.read(told, 4):
            enter(f"/proc/{child}/ns/mnt", CLONE_NEWNS)
    finally:
        os.close(told)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)

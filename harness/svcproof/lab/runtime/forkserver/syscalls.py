"""The system calls that Python 3.11 has no function for. Each raises OSError."""

import ctypes
import os
from pathlib import Path

CLONE_NEWNS, CLONE_NEWUTS, CLONE_NEWIPC = 0x00020000, 0x04000000, 0x08000000
CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET = 0x10000000, 0x20000000, 0x40000000
MS_NOSUID, MS_NODEV, MS_NOEXEC = 2, 4, 8
MS_BIND, MS_REC, MS_PRIVATE = 0x1000, 0x4000, 0x40000
MNT_DETACH = 2

_libc = ctypes.CDLL(None, use_errno=True)
_PIVOT_ROOT = {"x86_64": 155, "aarch64": 41, "riscv64": 41, "ppc64le": 203, "s390x": 217}
_MOUNT_SETATTR = 442
_AT_FDCWD, _AT_RECURSIVE, _MOUNT_ATTR_RDONLY, _MOUNT_ATTR_NODEV = -100, 0x8000, 1, 4
_PR_SET_PDEATHSIG, _PR_CAPBSET_DROP, _PR_SET_NO_NEW_PRIVS, _PR_CAP_AMBIENT = 1, 24, 38, 47
_PR_CAP_AMBIENT_CLEAR_ALL = 4
_CAPABILITY_VERSION_3 = 0x20080522


def unshare(flags: int) -> None:
    """Put the calling process (its children, for CLONE_NEWPID) into new namespaces."""
    _check(_libc.unshare(flags), "unshare")


def enter(path_or_fd: str | int, kind: int) -> None:
    """Enter the namespace that a path or an open file is."""
    fd = os.open(path_or_fd, os.O_RDONLY | os.O_CLOEXEC) if isinstance(path_or_fd, str) else path_or_fd
    _check(_libc.setns(fd, kind), f"setns to {path_or_fd}")
    if isinstance(path_or_fd, str):
        os.close(fd)


def mount(source: str, target: str, filesystem: str = "", flags: int = 0, options: str = "") -> None:
    """Mount a file system, or bind `source` to `target`."""
    done = _libc.mount(source.encode(), target.encode(), filesystem.encode() or None, flags, options.encode() or None)
    _check(done, f"mount {source} on {target}")


def restrict(target: str, *, read_only: bool) -> None:
    """Make a mount and those below it hold no devices, and nothing that can be written (mount_setattr, Linux 5.12)."""
    attributes = (ctypes.c_uint64 * 4)(_MOUNT_ATTR_NODEV | (_MOUNT_ATTR_RDONLY if read_only else 0), 0, 0, 0)
    size = ctypes.c_size_t(ctypes.sizeof(attributes))
    done = _libc.syscall(_MOUNT_SETATTR, _AT_FDCWD, target.encode(), _AT_RECURSIVE, ctypes.byref(attributes), size)
    _check(done, f"restrict the mount {target}")


def pivot_root(new: str, old: str) -> None:
    """Make the mount `new` the root, and put the former root at `old`, below it."""
    _check(_libc.syscall(_PIVOT_ROOT[os.uname().machine], new.encode(), old.encode()), f"pivot_root to {new}")


def detach(target: str) -> None:
    """Unmount `target` and everything below, now for this namespace, in fact when nobody uses it any more."""
    _check(_libc.umount2(target.encode(), MNT_DETACH), f"unmount {target}")


def die_with_parent(signal: int) -> None:
    """Have the kernel send `signal` to this process when its parent ends."""
    _check(_libc.prctl(_PR_SET_PDEATHSIG, signal, 0, 0, 0), "prctl(PR_SET_PDEATHSIG)")


def forbid_new_privileges() -> None:
    """Have execve(2) grant nothing that this process does not have, for it and its children."""
    _check(_libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "prctl(PR_SET_NO_NEW_PRIVS)")


def keep_capabilities(numbers: frozenset[int]) -> None:
    """Give up every other capability for good: no program that is executed later gets it back."""
    last = int(Path("/proc/sys/kernel/cap_last_cap").read_text())
    for number in frozenset(range(last + 1)) - numbers:
        _check(_libc.prctl(_PR_CAPBSET_DROP, number, 0, 0, 0), f"drop capability {number}")
    _check(_libc.prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0), "clear the ambient capabilities")
    status = Path("/proc/self/status").read_text()
    permitted = int(status.partition("\nCapPrm:")[2].split(maxsplit=1)[0], 16)
    mask = permitted & sum(1 << number for number in numbers)
    # struct __user_cap_data_struct[2] of <linux/capability.h>: effective, permitted, inheritable; low words first.
    halves = [half for word in (mask & 0xFFFFFFFF, mask >> 32) for half in (word, word, 0)]
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    _check(_libc.capset(header, (ctypes.c_uint32 * 6)(*halves)), "capset")


def _check(result: int, attempted: str) -> None:
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{attempted}: {os.strerror(code)}")

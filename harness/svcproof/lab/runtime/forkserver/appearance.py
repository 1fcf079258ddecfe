"""The arguments and variables in /proc of a program that never went through execve(2)."""

import ctypes
import errno
import os
from collections.abc import Mapping
from pathlib import Path

_PR_SET_MM, _PR_SET_MM_MAP = 35, 14
_WITHOUT_EXECUTABLE = 0xFFFFFFFF


class _Map(ctypes.Structure):
    """struct prctl_mm_map of <linux/prctl.h>."""

    _fields_ = [
        *((name, ctypes.c_uint64) for name in ("start_code", "end_code", "start_data", "end_data")),
        *((name, ctypes.c_uint64) for name in ("start_brk", "brk", "start_stack")),
        *((name, ctypes.c_uint64) for name in ("arg_start", "arg_end", "env_start", "env_end", "auxv")),
        *((name, ctypes.c_uint32) for name in ("auxv_size", "exe_fd")),
    ]


_STAT = {"start_code": 26, "end_code": 27, "start_stack": 28, "start_data": 45, "end_data": 46, "start_brk": 47}
"""Numbers of the fields of /proc/PID/stat, see proc_pid_stat(5)."""


def show_as(argv: tuple[str, ...], environment: Mapping[str, str]) -> object:
    """Make this process appear with these arguments and variables (prctl PR_SET_MM_MAP).

    Returns the memory the kernel then reads them from, to be kept for as long as the process lives. Where the kernel
    was built without that call, the process goes on appearing as the interpreter.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    libc.sbrk.restype = ctypes.c_void_p
    arguments = b"".join(os.fsencode(word) + b"\0" for word in argv)
    variables = b"".join(os.fsencode(f"{name}={value}") + b"\0" for name, value in environment.items())
    memory = ctypes.create_string_buffer(arguments + variables)
    start = ctypes.addressof(memory)
    middle = start + len(arguments)
    fields = Path("/proc/self/stat").read_text().rpartition(")")[2].split()
    known = {name: int(fields[number - 3]) for name, number in _STAT.items()}
    ends = {"arg_start": start, "arg_end": middle, "env_start": middle, "env_end": middle + len(variables)}
    map_ = _Map(**known, **ends, brk=libc.sbrk(0), exe_fd=_WITHOUT_EXECUTABLE)
    size = ctypes.c_ulong(ctypes.sizeof(map_))
    if libc.prctl(_PR_SET_MM, _PR_SET_MM_MAP, ctypes.byref(map_), size, 0) and ctypes.get_errno() != errno.EINVAL:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_MM_MAP) refused to name the process")
    return memory

"""A Python program in the interpreter that is already running, as if `python3` had been executed."""

import ctypes
import errno
import io
import os
import runpy
import signal
import sys
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn, TextIO

PYTHON = frozenset({"python", "python3"})
_HARMLESS = frozenset("bBdEIOPqsSu")
"""Options without an argument that change nothing for a program run from here."""
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


def understands(argv: tuple[str, ...]) -> bool:
    """True for a Python command line that `become` can run: a script, a directory, -c or -m."""
    return argv[0] in PYTHON and _arguments(argv) is not None


def become(argv: tuple[str, ...], environment: Mapping[str, str]) -> NoReturn:
    """Run the program of a Python command line, and leave with its exit status by SystemExit."""
    arguments = _arguments(argv)
    if arguments is None:
        raise ValueError(f"not a command line this interpreter can run: {argv}")
    _appearance = _show_as(argv, environment)
    os.environ.clear()
    os.environ.update(environment)
    _clean()
    try:
        _run(arguments)
    except Exception as error:
        # What was below the program on the stack is none of its business.
        frames = error.__traceback__
        while frames and frames.tb_next and _is_plumbing(frames.tb_frame.f_code.co_filename):
            frames = frames.tb_next
        traceback.print_exception(type(error), error, frames)
        sys.exit(1)
    sys.exit(0)


def _show_as(argv: tuple[str, ...], environment: Mapping[str, str]) -> object:
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


def _arguments(argv: tuple[str, ...]) -> tuple[str, ...] | None:
    """Return the command line from the script, -c or -m on; None if it has none of these, or an unknown option."""
    for index, word in enumerate(argv[1:], 1):
        if word in ("-c", "-m"):
            return argv[index:] if index + 1 < len(argv) else None
        if not word.startswith("-"):
            return argv[index:]
        if not _HARMLESS.issuperset(word[1:]) or word == "-":
            return None
    return None


def _run(arguments: tuple[str, ...]) -> None:
    if arguments[0] == "-c":
        sys.argv[:] = ["-c", *arguments[2:]]
        sys.path.insert(0, "")
        main = type(sys)("__main__")
        sys.modules["__main__"] = main
        exec(compile(arguments[1], "<string>", "exec"), main.__dict__)
    elif arguments[0] == "-m":
        sys.argv[:] = list(arguments[1:])
        sys.path.insert(0, str(Path.cwd()))
        runpy.run_module(arguments[1], run_name="__main__", alter_sys=True)
    else:
        sys.argv[:] = list(arguments)
        if not Path(arguments[0]).is_dir():
            sys.path.insert(0, str(Path(arguments[0]).parent))
        runpy.run_path(arguments[0], run_name="__main__")


def _clean() -> None:
    """Forget what the forkserver changed in this interpreter."""
    package = __package__ or ""
    for name in [name for name in sys.modules if name == package or name.startswith(package + ".")]:
        del sys.modules[name]
    sys.path[:] = [entry for entry in sys.path if not (Path(entry) / package / "server.py").exists()]
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.stdin = _stream(0, "r")
    sys.stdout, sys.stderr = _stream(1, "w"), _stream(2, "w")


def _stream(number: int, mode: str) -> TextIO:
    raw = io.FileIO(number, mode, closefd=False)
    buffer = io.BufferedReader(raw) if mode == "r" else io.BufferedWriter(raw)
    errors = "strict" if mode == "r" else "backslashreplace"
    return io.TextIOWrapper(buffer, "utf-8", errors, line_buffering=True)


def _is_plumbing(file: str) -> bool:
    return file.startswith("<frozen") or Path(file).parent == Path(__file__).parent

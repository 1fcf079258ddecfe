"""The steps of a forked child from a request to a running program."""

import fcntl
import os
import signal
import socket
import sys
import termios
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from . import interpreter
from .capabilities import numbers
from .request import Container, Process
from .root import lock_mounts, make_root
from .syscalls import (
    CLONE_NEWIPC,
    CLONE_NEWNET,
    CLONE_NEWNS,
    CLONE_NEWUTS,
    die_with_parent,
    enter,
    forbid_new_privileges,
    keep_capabilities,
    unshare,
)

NOT_FOUND = 'exec: "{}": executable file not found in $PATH'


class CannotExecuteError(Exception):
    """The process cannot be started; the message is what a container runtime would say."""


def into_new(container: Container) -> None:
    """Make the container's namespaces and enter them, except the PID namespace, in which this process is the first."""
    enter(container.netns, CLONE_NEWNET)
    unshare(CLONE_NEWUTS | CLONE_NEWIPC)
    socket.sethostname(container.hostname)
    make_root(container.root)
    if "SYS_ADMIN" in container.process.capabilities:
        lock_mounts()


def into_running(pid: int) -> None:
    """Enter the namespaces of a running container whose first process is `pid`."""
    kinds = {"net": CLONE_NEWNET, "uts": CLONE_NEWUTS, "ipc": CLONE_NEWIPC, "mnt": CLONE_NEWNS}
    opened = {kind: os.open(f"/proc/{pid}/ns/{name}", os.O_RDONLY | os.O_CLOEXEC) for name, kind in kinds.items()}
    for kind, fd in opened.items():
        enter(fd, kind)


def execute(process: Process, stdio: Sequence[int], keep: int) -> NoReturn:
    """Become the program, on these standard streams; `keep` is a descriptor that closes by itself at that moment."""
    os.setsid()
    die_with_parent(signal.SIGKILL)
    for number, fd in enumerate(stdio):
        os.dup2(fd, number)
    os.closerange(3, keep)
    os.closerange(keep + 1, os.sysconf("SC_OPEN_MAX"))
    if process.tty:
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    Path(process.directory).mkdir(parents=True, exist_ok=True)
    os.chdir(process.directory)
    keep_capabilities(numbers(process.capabilities))
    if not process.new_privileges:
        forbid_new_privileges()
    if interpreter.understands(process.argv):
        os.close(keep)
        interpreter.become(process.argv, process.environment)
    _exec(process)


def _exec(process: Process) -> NoReturn:
    for number in (signal.SIGPIPE, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)
    name = process.argv[0]
    try:
        os.execvpe(name, process.argv, process.environment)
    except FileNotFoundError:
        if name not in interpreter.PYTHON:
            raise CannotExecuteError(NOT_FOUND.format(name)) from None
        os.execve(sys.executable, process.argv, process.environment)
    except PermissionError:
        raise CannotExecuteError(f'exec: "{name}": permission denied') from None

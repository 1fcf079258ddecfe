"""The loop: requests in, processes out, their ends reported.

Over a stream socket, one JSON object a line. Requests: {id, container, fds} starts a container, {id, within, process,
fds} a process in the running container `within`, {id, signal} signals what was started as `id`. Answers: {id, pid} or
{id, error} once it runs or cannot, and later {id, code}, where 128 + n stands for signal n as in a shell.
"""

import contextlib
import gc
import json
import os
import selectors
import signal
import socket
from collections.abc import Callable
from typing import Any

from . import launch
from .request import Container, Mount, Process, Root
from .syscalls import CLONE_NEWPID, enter, unshare

LARGEST_READ = 1 << 20
MOST_FDS = 64


class Server:
    """Serves one client until it closes the socket; then everything that was started dies with this process."""

    def __init__(self, channel: socket.socket) -> None:
        self._channel = channel
        self._selector = selectors.DefaultSelector()
        self._buffer = bytearray()
        self._fds: list[int] = []
        self._pids: dict[int, int] = {}
        self._ids: dict[int, int] = {}
        self._own_pids = os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC)

    def serve(self) -> None:
        """Serve until the client is gone."""
        woken, wake = socket.socketpair()
        woken.setblocking(False)
        wake.setblocking(False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(wake.fileno(), warn_on_full_buffer=False)
        self._selector.register(self._channel, selectors.EVENT_READ, self._receive)
        self._selector.register(woken, selectors.EVENT_READ, lambda: self._reap(woken))
        gc.collect()
        gc.freeze()
        with contextlib.suppress(EOFError):
            while True:
                for key, _ in self._selector.select():
                    key.data()

    def _receive(self) -> None:
        data, fds, _, _ = socket.recv_fds(self._channel, LARGEST_READ, MOST_FDS)
        if not data:
            raise EOFError
        self._fds.extend(fds)
        *lines, rest = (self._buffer + data).split(b"\n")
        self._buffer = bytearray(rest)
        for line in lines:
            self._handle(json.loads(line))

    def _handle(self, request: dict[str, Any]) -> None:
        if "signal" in request:
            if pid := self._pids.get(request["id"]):
                os.kill(pid, request["signal"])
            return
        stdio, self._fds = self._fds[: request["fds"]], self._fds[request["fds"] :]
        try:
            self._start(request, stdio)
        except OSError as error:
            self._say({"id": request["id"], "error": str(error)})
        for fd in stdio:  # Not in `finally`: a forked child leaves through here by SystemExit.
            os.close(fd)

    def _start(self, request: dict[str, Any], stdio: list[int]) -> None:
        if "container" in request:
            container = _container(request["container"])
            unshare(CLONE_NEWPID)
            self._fork(request["id"], container.process, stdio, lambda: launch.into_new(container))
            return
        pid = self._pids.get(request["within"])
        if pid is None:
            raise ProcessLookupError("the container is not running")
        enter(f"/proc/{pid}/ns/pid", CLONE_NEWPID)
        self._fork(request["id"], _process(request["process"]), stdio, lambda: launch.into_running(pid))

    def _fork(self, id_: int, process: Process, stdio: list[int], prepare: Callable[[], None]) -> None:
        """Fork into the PID namespace chosen for children, and choose our own again."""
        report, trouble = os.pipe()
        pid = os.fork()
        if pid == 0:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            try:
                prepare()
                launch.execute(process, stdio, trouble)
            except (launch.CannotExecuteError, OSError) as error:
                os.write(trouble, str(error).encode()[:4096] or b"unknown error")
                os._exit(128)
        enter(self._own_pids, CLONE_NEWPID)
        os.close(trouble)
        self._pids[id_], self._ids[pid] = pid, id_
        self._selector.register(report, selectors.EVENT_READ, lambda: self._started(id_, pid, report))

    def _started(self, id_: int, pid: int, report: int) -> None:
        """The report pipe says why the program does not run, or closes because it does."""
        trouble = os.read(report, 4096).decode()
        self._selector.unregister(report)
        os.close(report)
        self._say({"id": id_, "error": trouble} if trouble else {"id": id_, "pid": pid})

    def _reap(self, woken: socket.socket) -> None:
        with contextlib.suppress(BlockingIOError):
            woken.recv(4096)
        with contextlib.suppress(ChildProcessError):
            while (ended := os.waitpid(-1, os.WNOHANG))[0]:
                pid, status = ended
                code = os.waitstatus_to_exitcode(status)
                id_ = self._ids.pop(pid)
                del self._pids[id_]
                self._say({"id": id_, "code": code if code >= 0 else 128 - code})

    def _say(self, answer: dict[str, Any]) -> None:
        self._channel.sendall(json.dumps(answer).encode() + b"\n")


def _container(sent: dict[str, Any]) -> Container:
    mounts = tuple(Mount(**mount) for mount in sent["root"]["mounts"])
    root = Root(**{**sent["root"], "mounts": mounts})
    return Container(**{**sent, "root": root, "process": _process(sent["process"])})


def _process(sent: dict[str, Any]) -> Process:
    return Process(**{**sent, "argv": tuple(sent["argv"]), "capabilities": tuple(sent["capabilities"])})

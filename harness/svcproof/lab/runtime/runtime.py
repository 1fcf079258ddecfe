"""The runtime of containers, for the lab's event loop."""

import asyncio
import itertools
import json
import socket
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from signal import Signals
from typing import Any

from svcproof.errors import ProvisionError
from svcproof.lab.runtime.forkserver.request import Container, Process

LARGEST_READ = 1 << 16
COMMAND = "import sys; sys.path.insert(0, {!r}); import runpy; runpy.run_module('forkserver', run_name='__main__')"


class CannotStartError(Exception):
    """A process could not be started; the message is the runtime's, as Kubernetes shows it to users."""


@dataclass(frozen=True, slots=True, eq=False)
class Running:
    """A process that was started; `pid` as the lab sees it."""

    id: int
    pid: int
    ended: asyncio.Future[int]

    async def wait(self) -> int:
        """Wait for its end and return its exit code: 128 + n where signal n ended it."""
        return await asyncio.shield(self.ended)


class Runtime:
    """Starts containers, and processes in them, through a forkserver of its own.

    To be opened inside the lab's namespaces, in its event loop. Everything it started dies when it is closed.
    """

    def __init__(self) -> None:
        self._ids = itertools.count(1)
        self._starting: dict[int, asyncio.Future[int]] = {}
        self._ends: dict[int, asyncio.Future[int]] = {}
        self._sending = asyncio.Lock()

    async def __aenter__(self) -> "Runtime":
        self._channel, theirs = socket.socketpair()
        self._channel.setblocking(False)
        command = COMMAND.format(str(Path(__file__).parent))
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-S", "-c", command, str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                cwd="/",
            )
        self._reader = asyncio.create_task(self._read(), name="forkserver answers")
        return self

    async def __aexit__(self, *_: object) -> None:
        self._reader.cancel()
        await asyncio.wait([self._reader])
        self._channel.close()
        self._process.kill()
        self._process.wait()

    async def ended(self) -> None:
        """Wait until the forkserver has ended, and with it all that it started."""
        await asyncio.shield(self._reader)

    async def start(self, container: Container, stdio: Sequence[int]) -> Running:
        """Start a container on the descriptors `stdio` (input, output, error), which the caller then may close.

        Raises CannotStartError where its program cannot be executed.
        """
        return await self._start({"container": asdict(container)}, stdio)

    async def execute(self, within: Running, process: Process, stdio: Sequence[int]) -> Running:
        """Start another process in a running container; raises CannotStartError like `start`."""
        return await self._start({"within": within.id, "process": asdict(process)}, stdio)

    async def signal(self, running: Running, signal: Signals) -> None:
        """Send a signal; nothing happens where the process has ended."""
        await self._send({"id": running.id, "signal": int(signal)}, ())

    async def _start(self, request: dict[str, Any], stdio: Sequence[int]) -> Running:
        loop = asyncio.get_running_loop()
        id_ = next(self._ids)
        started = self._starting[id_] = loop.create_future()
        ended = self._ends[id_] = loop.create_future()
        await self._send({"id": id_, **request, "fds": len(stdio)}, stdio)
        return Running(id_, await asyncio.shield(started), ended)

    async def _send(self, request: dict[str, Any], fds: Sequence[int]) -> None:
        data = json.dumps(request).encode() + b"\n"
        async with self._sending:
            await self._writable()
            sent = socket.send_fds(self._channel, [data], fds)
            await asyncio.get_running_loop().sock_sendall(self._channel, data[sent:])

    async def _writable(self) -> None:
        loop = asyncio.get_running_loop()
        ready = loop.create_future()
        loop.add_writer(self._channel, lambda: None if ready.done() else ready.set_result(None))
        try:
            await ready
        finally:
            loop.remove_writer(self._channel)

    async def _read(self) -> None:
        rest = b""
        while data := await asyncio.get_running_loop().sock_recv(self._channel, LARGEST_READ):
            *lines, rest = (rest + data).split(b"\n")
            for line in lines:
                self._take(json.loads(line))
        broken = ProvisionError(f"the lab's forkserver ended, with exit status {self._process.wait()}")
        for future in (*self._starting.values(), *self._ends.values()):
            if not future.done():
                future.set_exception(broken)
                future.exception()  # Whoever waits sees it; where nobody does, asyncio shall not complain.

    def _take(self, answer: dict[str, Any]) -> None:
        id_ = answer["id"]
        if "code" in answer:
            if not (ended := self._ends.pop(id_)).done():
                ended.set_result(answer["code"])
            return
        started = self._starting.pop(id_)
        if started.done():
            return
        if "error" in answer:
            started.set_exception(CannotStartError(answer["error"]))
        else:
            started.set_result(answer["pid"])

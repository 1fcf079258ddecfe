"""The way in to agents in pods where the API server reaches no pod, but kubelets: one exec stream held per agent.

A request is carried into the pod by `pod/relay.py`, which says what a frame is.
"""

import asyncio
import json
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError
from contextlib import AbstractAsyncContextManager
from itertools import count
from typing import Any, Protocol

from svcproof.agent.channels import LONGEST
from svcproof.errors import ProbeError
from svcproof.json_objects import Object

RELAY = "/svcproof/relay.py"
HEAD = 4096
"""No line before an answer is longer, in bytes."""
Answer = tuple[int, bytes]
"""Status and body; status 0 where the agent said nothing."""


class Session(Protocol):
    """A command that runs in a container."""

    async def send(self, data: bytes) -> None:
        """Write to its standard input; raises ConnectionError."""

    async def receive(self) -> bytes:
        """Return what it writes next; empty once it has ended."""

    @property
    def last_words(self) -> str:
        """The reason for which it ended."""


OpenSession = Callable[[str, str, Sequence[str], str], AbstractAsyncContextManager[Session]]
"""Runs a command, by pod, namespace, words and container, as long as the context lasts; raises ProbeError."""


class HeldChannels:
    """One channel per pod, all in one event loop, in a thread of its own, until `close`."""

    def __init__(self, open_session: OpenSession, secret: str) -> None:
        self._open_session, self._secret = open_session, secret
        self._channels: dict[str, HeldChannel] = {}
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="held agents", daemon=True)
        self._thread.start()

    def channel(self, pod: Object, port: int) -> "HeldChannel":
        """The channel to the agent that listens on `tcp:<port>` in a pod; the same one each time."""
        metadata = pod["metadata"]
        channel = HeldChannel(
            self._open_session, self._loop, metadata["namespace"], metadata["name"], port, self._secret
        )
        return self._channels.setdefault(metadata["uid"], channel)

    def close(self) -> None:
        """End every stream; no channel can be asked after that."""
        asyncio.run_coroutine_threadsafe(_cancel_all(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


class HeldChannel:
    """Reaches the agent of one pod; safe to use from several threads at once.

    Its stream is opened when it is first asked, and once more when a request finds it broken.
    """

    def __init__(
        self,
        open_session: OpenSession,
        loop: asyncio.AbstractEventLoop,
        namespace: str,
        pod: str,
        port: int,
        secret: str,
    ) -> None:
        self._open_session, self._loop, self._secret = open_session, loop, secret
        self._namespace, self._pod, self._port = namespace, pod, port
        self._stream: _Stream | None = None

    def ask(self, path: str, body: bytes, timeout: float) -> bytes:
        """POST `body` and return what is answered with status 200; raises ProbeError."""
        what = f"the agent in pod {self._pod} could not be asked {path} through its exec stream"
        asking = self._ask(path, body, timeout)
        try:
            status, answer = asyncio.run_coroutine_threadsafe(asking, self._loop).result()
        except TimeoutError as why:
            raise ProbeError(f"{what}: no answer within {timeout:g} s") from why
        except ConnectionError as why:
            raise ProbeError(f"{what}: {why}") from why
        except (RuntimeError, CancelledError) as why:
            asking.close()
            raise ProbeError(f"{what}: it was closed") from why
        if status != 200:
            raise ProbeError(f"{what}: status {status}: {answer.decode(errors='replace')[:300]}")
        return answer

    async def _ask(self, path: str, body: bytes, timeout: float) -> Answer:
        head = {"path": path, "secret": self._secret, "seconds": timeout}
        async with asyncio.timeout(timeout):
            try:
                return await self._open().ask(head, body)
            except ConnectionError:  # broken since it was last used: not all of the request left, so none counts
                stream = self._open()
                try:
                    return await stream.ask(head, body)
                except ConnectionError as why:
                    raise await stream.end() from why

    def _open(self) -> "_Stream":
        if self._stream is None or self._stream.over:
            argv = ("python3", RELAY, str(self._port))
            session = self._open_session(self._pod, self._namespace, argv, "agent")
            self._stream = _Stream(session, f"the agent in pod {self._pod}")
        return self._stream


class _Stream:
    """One session, and the requests under way in it."""

    def __init__(self, session: AbstractAsyncContextManager[Session], whose: str) -> None:
        self.over = False
        self._whose = whose
        self._numbers = count(1)
        self._sending = asyncio.Lock()
        self._opened: asyncio.Future[Session] = asyncio.get_running_loop().create_future()
        self._waiting: dict[int, asyncio.Future[Answer]] = {}
        self._task = asyncio.create_task(self._run(session))

    async def ask(self, head: dict[str, Any], body: bytes) -> Answer:
        """Return status and answer; raises ProbeError, and ConnectionError where the request was not sent."""
        session = await asyncio.shield(self._opened)
        number = next(self._numbers)
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting[number] = answer
        line = json.dumps({**head, "number": number, "size": len(body)}).encode()
        try:
            # Shielded: half a frame would make nonsense of all that follows it.
            await asyncio.shield(asyncio.create_task(self._send(session, line + b"\n" + body)))
            return await answer
        finally:
            self._waiting.pop(number, None)

    async def end(self) -> Exception:
        """Wait until it has ended, and return how, with the last words of the relay."""
        return await asyncio.shield(self._task)

    async def _send(self, session: Session, frame: bytes) -> None:
        async with self._sending:
            if self.over:
                raise ConnectionError("it is over")
            try:
                await session.send(frame)
            except ConnectionError:
                self.over = True
                raise

    async def _run(self, session: AbstractAsyncContextManager[Session]) -> Exception:
        error: Exception
        try:
            async with session as opened:
                self._opened.set_result(opened)
                await self._hear(opened)
                error = ProbeError(f"the stream to {self._whose} ended: {opened.last_words}")
        except Exception as why:
            error = why
        self.over = True
        if not self._opened.done():
            self._opened.set_exception(error)
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_exception(error)
        return error

    async def _hear(self, session: Session) -> None:
        """Hand each answer to the one who waits for it."""
        heard = bytearray()
        while data := await session.receive():
            heard += data
            while (end := heard.find(b"\n", 0, HEAD)) >= 0:
                number, status, size = self._head(bytes(heard[:end]))
                last = end + 1 + size
                if len(heard) < last:
                    break
                waiting = self._waiting.get(number)
                if waiting and not waiting.done():
                    waiting.set_result((status, bytes(heard[end + 1 : last])))
                del heard[:last]
            if end < 0 and len(heard) >= HEAD:
                self._head(bytes(heard[:HEAD]))

    def _head(self, line: bytes) -> tuple[int, int, int]:
        """Number, status and size of an answer; raises ProbeError where the relay says something else."""
        try:
            head = json.loads(line)
            number, status, size = head["number"], head["status"], head["size"]
            if not all(isinstance(value, int) for value in (number, status, size)) or not 0 <= size <= LONGEST:
                raise ValueError("no numbers")
        except (ValueError, KeyError, TypeError, RecursionError) as why:
            shown = ascii(line[:60])[1:]
            raise ProbeError(f"the stream to {self._whose} carries what is no answer of its relay: {shown}") from why
        return number, status, size


async def _cancel_all() -> None:
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)

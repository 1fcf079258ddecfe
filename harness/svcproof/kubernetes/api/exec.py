"""Commands in containers: run to their end, or with standard streams that stay open, over one websocket.

https://github.com/kubernetes/enhancements/tree/master/keps/sig-api-machinery/4006-transition-spdy-to-websockets
"""

import asyncio
import io
import json
import shlex
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import httpx2
from httpx2.websockets import AsyncWebSocketSession, HTTPXWSException
from lightkube import AsyncClient
from lightkube.config import client_adapter
from wsproto.utilities import LocalProtocolError

from svcproof.commands import Completed
from svcproof.errors import ProbeError
from svcproof.kubernetes.api.error_translation import translate_errors
from svcproof.limits import Request

PROTOCOLS = ["v5.channel.k8s.io", "v4.channel.k8s.io"]
STDIN, STDOUT, STDERR, ERROR = range(4)
"""The first byte of a message: the channel that the others belong to."""
PIECE = 32 << 10
"""Bytes of input per message, as kubectl sends them."""
LARGEST = 32 << 20
"""Bytes a message may have."""
KEPT = 4096
"""Bytes of standard error that are kept."""


def execute(
    config: Any, pod: str, namespace: str, argv: Sequence[str], container: str | None, timeout: float
) -> Completed:
    """Run a command and return how it ended; `config` is lightkube's. Raises TimeoutError, and what httpx raises.

    Not with lightkube's synchronous client: a thread of a session that has ended may go on reading from its socket's
    number, and so from the next connection.
    """
    return asyncio.run(_execute(config, pod, namespace, list(argv), container, timeout))


async def _execute(
    config: Any, pod: str, namespace: str, argv: list[str], container: str | None, timeout: float
) -> Completed:
    stdout, stderr = io.BytesIO(), io.BytesIO()
    async with AsyncClient(config=config, trust_env=False) as client:
        ended = await client.exec(
            pod, namespace=namespace, container=container, command=argv, stdout=stdout, stderr=stderr, timeout=timeout
        )
    return Completed(ended.exit_code, stdout.getvalue(), stderr.getvalue())


class ExecSession:
    """A running command whose standard streams are open. Belongs to one event loop, in which several tasks may send."""

    def __init__(self, socket: AsyncWebSocketSession) -> None:
        self._socket = socket
        self._stderr = b""
        self._end = ""

    async def send(self, data: bytes) -> None:
        """Write to its standard input; raises ConnectionError if not all of `data` could be sent.

        Tasks that send at once must not mind that their data are mixed, unless each is one piece.
        """
        try:
            for start in range(0, len(data), PIECE):
                await self._socket.send_bytes(bytes([STDIN]) + data[start : start + PIECE])
        except (HTTPXWSException, LocalProtocolError) as error:  # The latter where the other side has just closed it.
            raise ConnectionError(f"{type(error).__name__}: {error}") from error

    async def receive(self) -> bytes:
        """Return what it writes to standard output next; empty once it has ended, or the connection has."""
        while not self._end:
            try:
                message = await self._socket.receive_bytes()
            except HTTPXWSException as error:
                self._end = f"the connection ended: {type(error).__name__}: {error}"
                break
            channel, data = message[0], message[1:]
            if channel == STDOUT and data:
                return data
            if channel == STDERR:
                self._stderr = (self._stderr + data)[-KEPT:]
            elif channel == ERROR:
                self._end = json.loads(data).get("message") or "the command ended"
        return b""

    @property
    def last_words(self) -> str:
        """The reason of its end, and the last of its standard error."""
        return "; ".join(part for part in (self._end, self._stderr.decode(errors="replace").strip()) if part)


@asynccontextmanager
async def open_session(
    config: Any, pod: str, namespace: str, argv: Sequence[str], container: str
) -> AsyncIterator[ExecSession]:
    """Run a command as long as the context lasts; `config` is lightkube's. Raises Rejected and ProbeError.

    The websocket is pinged every 20 s, so that nothing on the way takes it for idle, and a dead one is noticed.
    """
    path = f"/api/v1/namespaces/{namespace}/pods/{pod}/exec"
    parameters = {"container": container, "stdin": "true", "stdout": "true", "stderr": "true", "command": list(argv)}
    connection = client_adapter.ConnectionParams(timeout=httpx2.Timeout(Request.API.seconds), trust_env=False)
    what = f"exec {shlex.join(argv)} in Pod {pod} in namespace {namespace}"
    with translate_errors(what):
        async with client_adapter.AsyncClient(config, connection) as client:
            socket = client.websocket(path, subprotocols=PROTOCOLS, params=parameters, max_message_size_bytes=LARGEST)
            try:
                async with socket as opened:
                    yield ExecSession(opened)
            except ExceptionGroup as errors:  # of the websocket's own tasks, such as the one that pings
                raise ProbeError(f"{what}: the connection broke: {errors.exceptions[0]!r}") from errors

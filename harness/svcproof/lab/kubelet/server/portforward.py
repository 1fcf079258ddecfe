"""GET /portForward: connections to ports of a pod, as SPDY streams inside a websocket.

For each connection the client opens an `error` stream and then a `data` stream, with the pod's port in its headers.
https://github.com/kubernetes/enhancements/tree/master/keps/sig-api-machinery/4006-transition-spdy-to-websockets
"""

import asyncio
import os
import socket
from contextlib import suppress

from aiohttp import WSMsgType, web

from svcproof.lab.kubelet.server.find import Meant
from svcproof.lab.kubelet.server.spdy import Codec, Frame, Kind

PROTOCOL = "SPDY/3.1+portforward.k8s.io"
LARGEST_READ = 32 << 10


async def port_forward(meant: Meant) -> web.StreamResponse:
    """Serve the connections of one client, until it is gone."""
    ws = web.WebSocketResponse(protocols=[PROTOCOL], max_msg_size=0)
    if PROTOCOL not in meant.request.headers.get("Sec-WebSocket-Protocol", ""):
        raise web.HTTPBadRequest(text=f"port-forwarding is done with the websocket subprotocol {PROTOCOL} only")
    await ws.prepare(meant.request)
    await Forwarding(meant, ws).serve()
    return ws


class Forwarding:
    """The streams of one client."""

    def __init__(self, meant: Meant, ws: web.WebSocketResponse) -> None:
        self._meant, self._ws = meant, ws
        self._codec = Codec()
        self._errors: dict[str, int] = {}
        """The error stream of each request id."""
        self._input: dict[int, asyncio.Queue[bytes]] = {}
        """The data of each stream that is not written yet; an empty item for its end."""
        self._connections: set[asyncio.Task[None]] = set()

    async def serve(self) -> None:
        """Answer frames until the websocket is closed."""
        try:
            async for message in self._ws:
                if message.type is WSMsgType.BINARY:
                    for frame in self._codec.feed(message.data):
                        await self._answer(frame)
        finally:
            for connection in self._connections:
                connection.cancel()

    async def _answer(self, frame: Frame) -> None:
        if frame.kind is Kind.PING:
            await self._send(frame)
        elif frame.kind is Kind.SYN_STREAM:
            await self._send(Frame(kind=Kind.SYN_REPLY, stream=frame.stream))
            self._open(frame)
        elif frame.kind is Kind.DATA and frame.stream in self._input:
            if frame.data:
                self._input[frame.stream].put_nowait(frame.data)
            if frame.fin:
                self._input[frame.stream].put_nowait(b"")
        elif frame.kind is Kind.RST_STREAM and frame.stream in self._input:
            self._input[frame.stream].put_nowait(b"")

    def _open(self, frame: Frame) -> None:
        headers = {name.lower(): value for name, value in frame.headers.items()}
        request = headers.get("requestid", "")
        if headers.get("streamtype") == "error":
            self._errors[request] = frame.stream
            return
        self._input[frame.stream] = asyncio.Queue()
        error = self._errors.pop(request, 0)
        task = asyncio.create_task(self._connect(frame.stream, error, int(headers["port"])))
        self._connections.add(task)
        task.add_done_callback(self._connections.discard)

    async def _connect(self, stream: int, error: int, port: int) -> None:
        """One connection, from its beginning to the end of both directions."""
        trouble = b""
        try:
            reader, writer = await asyncio.open_connection(sock=await self._socket(port))
            writing = asyncio.create_task(self._write(stream, writer))
            try:
                while data := await reader.read(LARGEST_READ):
                    await self._send(Frame(kind=Kind.DATA, stream=stream, data=data))
            finally:
                writing.cancel()
                writer.close()
        except OSError as problem:
            pod = self._meant.pod.object["metadata"]
            why = os.strerror(problem.errno).lower() if problem.errno else problem
            why = f"failed to connect to localhost:{port}: {why}"
            trouble = f"error forwarding port {port} to pod {pod['name']}, uid {pod['uid']}: {why}".encode()
        del self._input[stream]
        with suppress(ConnectionError):  # The client may be gone, and with it whoever could want to know.
            await self._send(Frame(kind=Kind.DATA, stream=error, data=trouble, fin=True))
            await self._send(Frame(kind=Kind.DATA, stream=stream, fin=True))

    async def _socket(self, port: int) -> socket.socket:
        """A connection to the pod's own loopback."""
        connection = self._meant.host.network.socket_in(self._meant.pod.netns, socket.AF_INET, socket.SOCK_STREAM)
        connection.setblocking(False)
        try:
            await asyncio.get_running_loop().sock_connect(connection, ("127.0.0.1", port))
        except OSError:
            connection.close()
            raise
        return connection

    async def _write(self, stream: int, writer: asyncio.StreamWriter) -> None:
        queue = self._input[stream]
        while data := await queue.get():
            writer.write(data)
            await writer.drain()
        writer.write_eof()

    async def _send(self, frame: Frame) -> None:
        await self._ws.send_bytes(self._codec.encode(frame))

"""The remote command protocol over websockets: each message begins with the number of its channel.

https://github.com/kubernetes/enhancements/tree/master/keps/sig-api-machinery/4006-transition-spdy-to-websockets
"""

import asyncio
import json
from enum import IntEnum

from aiohttp import WSMsgType, web

from svcproof.json_objects import Object
from svcproof.lab.kubelet.streams import Stream, Streams

PROTOCOLS = ("v5.channel.k8s.io", "v4.channel.k8s.io")


class Channel(IntEnum):
    """The first byte of a message."""

    STDIN = 0
    STDOUT = 1
    STDERR = 2
    ERROR = 3
    RESIZE = 4
    CLOSE = 255
    """Of v5: the next byte names the channel whose sender has no more to send."""


OF_STREAM = {Stream.STDOUT: Channel.STDOUT, Stream.STDERR: Channel.STDERR}


class Channels:
    """The channels of one websocket; output is sent in the order it is given."""

    def __init__(self, socket: web.WebSocketResponse) -> None:
        self._socket = socket
        self._queue: asyncio.Queue[bytes | None] = asyncio.Queue()
        self._sending = asyncio.create_task(self._send())

    def sink(self, stream: Stream, data: bytes) -> None:
        """Send output of the process."""
        self._queue.put_nowait(bytes([OF_STREAM[stream]]) + data)

    async def finish(self, status: Object) -> None:
        """Send what is left and then the status, and close."""
        self._queue.put_nowait(bytes([Channel.ERROR]) + json.dumps(status).encode())
        self._queue.put_nowait(None)
        await self._sending
        await self._socket.close()

    async def receive(self, streams: Streams) -> None:
        """Hand what arrives to the process, until the client is gone."""
        async for message in self._socket:
            if message.type not in (WSMsgType.BINARY, WSMsgType.TEXT) or not message.data:
                continue
            data = message.data.encode() if isinstance(message.data, str) else message.data
            channel, content = data[0], data[1:]
            if channel == Channel.STDIN:
                streams.write(content)
            elif channel == Channel.RESIZE:
                size = json.loads(content)
                streams.resize(size["Width"], size["Height"])
            elif channel == Channel.CLOSE and content[:1] == bytes([Channel.STDIN]):
                streams.close_input()

    async def _send(self) -> None:
        while (message := await self._queue.get()) is not None:
            if not self._socket.closed:
                await self._socket.send_bytes(message)


def success() -> Object:
    """The status of a command that ended with 0."""
    return {"metadata": {}, "status": "Success"}


def exited(code: int) -> Object:
    """The status of a command that ended with another code."""
    return {
        "metadata": {},
        "status": "Failure",
        "message": f"command terminated with non-zero exit code: exit status {code}",
        "reason": "NonZeroExitCode",
        "details": {"causes": [{"reason": "ExitCode", "message": str(code)}]},
    }


def failed(message: str) -> Object:
    """The status of a command that could not be run."""
    return {"metadata": {}, "status": "Failure", "message": message, "reason": "InternalError", "code": 500}

"""Accepted connections: bytes in, bytes out, in the order they were asked for."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Any, Protocol

from loop import Loop

Reply = Callable[[bytes], None]
PIECE, ROUNDS = 16384, 4
"""So much is read at once, and so often in a row: a flood of requests must not keep the agent from everything else."""
UNREAD = 8 << 20
"""With so many bytes of answers that a caller has not read, it gets no more: the connection is closed."""


class Service(Protocol):
    """The protocol of a connection."""

    def take(self, buffer: bytes) -> tuple[Any, bytes] | None:
        """Return the first request of a buffer and what follows it, or None where it is not whole yet.

        Raises ValueError where it never will be.
        """

    def serve(self, request: Any, reply: Reply) -> bytes | None:
        """Return the answer, or None and call `reply` with it later: never before this has returned."""


def plain(address: str) -> str:
    """An IPv4 address as such, where a socket for both families shows it as an IPv6 one."""
    return address[7:] if address.startswith("::ffff:") else address


class Connection:
    """One accepted connection. A request is not looked at before the one ahead of it was answered."""

    __slots__ = ("_busy", "_input", "_loop", "_output", "_service", "_sock")

    def __init__(self, loop: Loop, sock: socket.socket, service: Service) -> None:
        self._loop, self._sock, self._service = loop, sock, service
        self._input, self._output = b"", bytearray()
        self._busy = False
        loop.watch(sock.fileno(), self._ready)

    def _ready(self) -> None:
        try:
            self._flush()
            for _ in range(ROUNDS):
                data = self._sock.recv(PIECE)
                if not data:
                    return self._close()
                self._input += data
                self._advance()
            self._loop.again(self._sock.fileno())
        except BlockingIOError:
            return None
        except (OSError, ValueError):
            return self._close()

    def _advance(self) -> None:
        while self._input and not self._busy:
            taken = self._service.take(self._input)
            if taken is None:
                break
            if len(self._output) > UNREAD:
                raise ValueError("it asks and asks, and does not read the answers")
            request, self._input = taken
            answer = self._service.serve(request, self._reply)
            if answer is None:
                self._busy = True
            else:
                self._output += answer
        self._flush()

    def _reply(self, answer: bytes) -> None:
        self._busy = False
        self._output += answer
        try:
            self._advance()
        except (OSError, ValueError):
            self._close()

    def _flush(self) -> None:
        while self._output:
            try:
                del self._output[: self._sock.send(self._output)]
            except BlockingIOError:
                return

    def _close(self) -> None:
        if self._sock.fileno() >= 0:
            self._loop.forget(self._sock.fileno())
            self._sock.close()

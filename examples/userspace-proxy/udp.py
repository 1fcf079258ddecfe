"""The relay of UDP: a session for each client and address it sends to, with a socket towards one endpoint."""

import asyncio
import socket
import struct
import time
from contextlib import suppress

from balancer import Balancer
from kernel import IP_RECVORIGDSTADDR, PORT, connected, transparent
from services import Endpoint, Key

IDLE_SECONDS = 120
LARGEST = 1 << 16
Client = tuple[str, int]


class Session:
    """The way from a client to an endpoint, and back from the address that the client asked; raises OSError."""

    def __init__(self, client: Client, key: Key, endpoint: Endpoint, source: str | None) -> None:
        self.endpoint, self.used, self._client = endpoint, 0.0, client
        self._answers = transparent(socket.SOCK_DGRAM, (key[0], key[2]))
        self._backend = connected(socket.SOCK_DGRAM, source, endpoint)
        asyncio.get_running_loop().add_reader(self._backend, self._answer)

    def send(self, data: bytes) -> None:
        """Pass a datagram on; raises OSError, also where an earlier one was refused."""
        self.used = time.monotonic()
        self._backend.send(data)

    def end(self) -> None:
        """Close its sockets."""
        asyncio.get_running_loop().remove_reader(self._backend)
        self._backend.close()
        self._answers.close()

    def _answer(self) -> None:
        with suppress(OSError):
            self._answers.sendto(self._backend.recv(LARGEST), self._client)


class Sessions:
    """All sessions, by client and by the address it sends to."""

    def __init__(self, balancer: Balancer) -> None:
        self._balancer = balancer
        self._sessions: dict[tuple[Client, Key], Session] = {}
        self._server = transparent(socket.SOCK_DGRAM, ("127.0.0.1", PORT))
        asyncio.get_running_loop().add_reader(self._server, self._receive)

    def end_stale(self) -> None:
        """End the sessions that were idle for long, and those whose endpoint the client may no longer use."""
        for (client, key), session in tuple(self._sessions.items()):
            idle = time.monotonic() - session.used > IDLE_SECONDS
            if idle or session.endpoint not in self._balancer.candidates(key, client[0]):
                self._sessions.pop((client, key)).end()

    def _receive(self) -> None:
        """Pass on what a client sent."""
        data, ancillary, _, client = self._server.recvmsg(LARGEST, 256)
        [original] = [value for _, kind, value in ancillary if kind == IP_RECVORIGDSTADDR]
        port, address = struct.unpack_from("!2xH4s", original)
        key = socket.inet_ntoa(address), "udp", port
        try:
            if (client, key) not in self._sessions:
                choice = self._balancer.choose(key, client[0])
                self._sessions[client, key] = Session(client, key, *choice)
            self._sessions[client, key].send(data)
        except OSError:
            if session := self._sessions.pop((client, key), None):
                session.end()

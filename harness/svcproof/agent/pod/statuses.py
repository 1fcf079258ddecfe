"""The status with which anybody's HTTP server answers a GET."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable
from typing import Any

import specs
from errnos import Result
from exchange import Done, Exchange
from probing import Prober
from wire import NotOurs

LINE = re.compile(rb"HTTP/1\.[01] (\d{3})(?: [^\r\n]*)?\r?\n")
LONGEST = 4096
"""Bytes of a status line, at most."""


class StatusLine:
    """Puts together the first line of a response."""

    strange = False

    def __init__(self) -> None:
        self._buffer = b""

    @property
    def waiting(self) -> bool:
        """True if something was received that is not a whole line yet."""
        return bool(self._buffer)

    def feed(self, data: bytes) -> int | None:
        """Return the status once the line is whole. Raises NotOurs where it is no HTTP."""
        self._buffer += data
        if b"\n" not in self._buffer and len(self._buffer) < LONGEST:
            return None
        line = LINE.match(self._buffer)
        if line is None:
            raise NotOurs("no HTTP: " + repr(self._buffer[:200]))
        return int(line[1])


class Statuses:
    """Makes requests of HTTP servers that are no agents."""

    def __init__(self, prober: Prober) -> None:
        self._prober = prober

    def ask(self, body: dict[str, Any], respond: Callable[[Result], None]) -> None:
        """GET a path; respond with the result, whose answer is the status. Raises ValueError for what is no request."""
        specs.status(body)
        address = f"[{body['address']}]" if ":" in body["address"] else body["address"]
        request = f"GET {body['path']} HTTP/1.1\r\nHost: {address}:{body['port']}\r\nConnection: close\r\n\r\n".encode()

        def ask(sock: socket.socket, finish: Done) -> None:
            Exchange(self._prober.loop, sock, body["address"], request, StatusLine(), body["timeout"], finish)

        self._prober.over_new_socket(body, respond, ask)

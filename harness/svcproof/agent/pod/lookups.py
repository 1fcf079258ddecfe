"""DNS payloads, which the harness builds and reads: this end only carries them."""

from __future__ import annotations

import base64
import socket
from collections.abc import Callable
from typing import Any

import specs
from errnos import Result
from exchange import Done, Exchange
from probing import Batch, Prober
from wire import NotOurs


class Message:
    """Puts together one DNS message that answers the query with this id."""

    def __init__(self, identity: bytes, stream: bool) -> None:
        self._identity, self._stream = identity, stream
        self._buffer = b""
        self.strange = False
        """True if a datagram was received that has another id."""

    @property
    def waiting(self) -> bool:
        """True if something was received that is not a whole message."""
        return bool(self._buffer)

    def feed(self, data: bytes) -> bytes | None:
        """Return the message once it is whole. Over UDP a message with another id is passed over. Raises NotOurs."""
        if not self._stream:
            self.strange = self.strange or data[:2] != self._identity
            return data if data[:2] == self._identity else None
        self._buffer += data
        length, identity = int.from_bytes(self._buffer[:2], "big"), self._buffer[2:4]
        if len(self._buffer) >= 2 and (length < 2 or not self._identity.startswith(identity)):
            raise NotOurs("it answers another query: " + repr(self._buffer[:200]))
        return self._buffer[2 : 2 + length] if len(self._buffer) >= max(4, 2 + length) else None


class Lookups:
    """Makes DNS queries from this pod."""

    def __init__(self, prober: Prober) -> None:
        self._prober = prober

    def batch(self, queries: list[dict[str, Any]], done: Callable[[list[Result]], None]) -> None:
        """Send every query at once; call `done` with the results, in order: the answer is the payload in base64.

        Raises ValueError where one is no query.
        """
        specs.each(queries, specs.query)
        Batch(self._prober.loop, queries, self._ask, len(queries), done)

    def _ask(self, query: dict[str, Any], done: Callable[[Result], None]) -> None:
        protocol, payload = query["protocol"], base64.b64decode(query["payload"])
        request = payload if protocol == "udp" else len(payload).to_bytes(2, "big") + payload
        ear = Message(payload[:2], protocol != "udp")

        def ask(sock: socket.socket, finish: Done) -> None:
            Exchange(self._prober.loop, sock, query["address"], request, ear, query["timeout"], finish)

        def in_base64(result: Result) -> None:
            if "answer" in result:
                result["answer"] = base64.b64encode(result["answer"]).decode()
            done(result)

        self._prober.over_new_socket(query, in_base64, ask)

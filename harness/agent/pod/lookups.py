"""DNS payloads, which the harness builds and reads: this end only carries them."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

from batch import Batch
from exchange import Exchange, Result, connect, drop, failed
from probing import Prober


class Message:
    """Puts together one DNS message that answers the query with this id."""

    def __init__(self, identity: bytes, stream: bool) -> None:
        self._identity, self._stream = identity, stream
        self._buffer = b""

    def feed(self, data: bytes) -> bytes | None:
        """Return the message once it is whole. Over UDP a message with another id is passed over."""
        if not self._stream:
            return data if data[:2] == self._identity else None
        self._buffer += data
        length = int.from_bytes(self._buffer[:2], "big")
        whole = len(self._buffer) >= 2 and len(self._buffer) >= 2 + length
        return self._buffer[2 : 2 + length] if whole else None


class Lookups:
    """Makes DNS queries from this pod."""

    def __init__(self, prober: Prober) -> None:
        self._prober = prober

    def batch(self, queries: list[dict[str, Any]], done: Callable[[list[Result]], None]) -> None:
        """Send every query at once; call `done` with the results, in order: the answer is the payload in base64."""
        Batch(self._prober.loop, queries, self._ask, len(queries), done)

    def _ask(self, query: dict[str, Any], done: Callable[[Result], None]) -> None:
        protocol, payload = query["protocol"], base64.b64decode(query["payload"])
        try:
            sock = self._prober.open(query)
        except OSError as why:
            return done(failed(why))
        result = connect(sock, query["address"], query["port"])
        if result is not None:
            sock.close()
            return done(result)

        def finish(result: Result) -> None:
            drop(sock)
            if "answer" in result:
                result["answer"] = base64.b64encode(result["answer"]).decode()
            done(result)

        request = payload if protocol == "udp" else len(payload).to_bytes(2, "big") + payload
        Exchange(self._prober.loop, sock, request, Message(payload[:2], protocol != "udp"), query["timeout"], finish)
        return None

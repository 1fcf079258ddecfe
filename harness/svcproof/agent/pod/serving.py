"""The listeners of a pod: each answers every probe with who it is and whom it saw."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import specs
from connections import Connection, Reply, plain
from listening import listening
from loop import Loop
from webtext import Request, response, take
from wire import LINE, MAGIC, PAYLOAD, Voice

Key = tuple[str, int]
"""Protocol and port."""
Respond = Callable[[Any], None]


class Readiness:
    """The answer to `GET /ready`."""

    def __init__(self, ready: bool) -> None:
        self.ready = ready

    def change(self, body: dict[str, bool], respond: Respond) -> None:
        """Become ready or not: `{"ready": false}`."""
        self.ready = body["ready"]
        respond(body)

    def response(self) -> bytes:
        """Return 200, or 503 while not ready."""
        return response(200, b"ready\n", "text/plain") if self.ready else response(503, b"not ready\n", "text/plain")


class Lines:
    """A connection over TCP or SCTP: lines of probes, answered one by one."""

    def __init__(self, voice: Voice, peer: str, peer_port: int) -> None:
        self._voice, self._peer, self._peer_port = voice, peer, peer_port

    def take(self, buffer: bytes) -> tuple[tuple[str, bytes], bytes] | None:
        """Take one line and the payload it announces; any other line counts as a probe without a nonce."""
        line, newline, rest = buffer.partition(b"\n")
        if len(line) > LINE:
            raise ValueError("a line of more than 4 kB")
        if not newline:
            return None
        nonce, size = asked(line)
        if len(rest) < size:
            return None
        return (nonce, rest[:size]), rest[size:]

    def serve(self, request: tuple[str, bytes], reply: Reply) -> bytes:
        """Answer one probe."""
        nonce, payload = request
        return self._voice.line(self._peer, self._peer_port, nonce, len(payload)) + payload


class Pages:
    """A connection over HTTP: any path is answered as a probe, but /ready."""

    def __init__(
        self, voice: Voice, peer: str, peer_port: int, readiness: Readiness, count: Callable[[], None]
    ) -> None:
        self._voice, self._peer, self._peer_port = voice, peer, peer_port
        self._readiness, self._count = readiness, count

    def take(self, buffer: bytes) -> tuple[Request, bytes] | None:
        """Take one request."""
        return take(buffer, PAYLOAD)

    def serve(self, request: Request, reply: Reply) -> bytes:
        """Answer one request."""
        path, _, nonce = request.path.partition("?")
        if path == "/ready":
            return self._readiness.response()
        self._count()
        line = self._voice.line(self._peer, self._peer_port, nonce, len(request.body))
        return response(200, line + request.body)


def asked(line: bytes) -> tuple[str, int]:
    """Return the nonce and the size that a probe's line announces; empty and 0 for any other line."""
    words = line.split(maxsplit=3)
    if len(words) == 3 and words[0] == MAGIC and words[2].isdigit() and len(words[2]) < 8:
        size = int(words[2])
        return ("", 0) if size > PAYLOAD else (words[1].decode("latin-1"), size)
    return "", 0


class Listener:
    """One protocol on one port, on every address of both families."""

    def __init__(self, loop: Loop, protocol: str, port: int, readiness: Readiness) -> None:
        self._loop, self._protocol, self._readiness = loop, protocol, readiness
        self._sock = listening(protocol, port)
        self.port: int = self._sock.getsockname()[1]
        self._voice = Voice(protocol, self.port)
        self.arrived = 0
        """Connections, HTTP requests or datagrams so far."""
        loop.watch(self._sock.fileno(), self._datagrams if protocol == "udp" else self._connections)

    def close(self) -> None:
        """Listen no more; what was accepted stays open."""
        self._loop.forget(self._sock.fileno())
        self._sock.close()

    def _connections(self) -> None:
        while True:
            try:
                accepted, peer = self._sock.accept()
            except ConnectionError:
                continue
            except OSError:
                return
            accepted.setblocking(False)
            Connection(self._loop, accepted, self._service(plain(peer[0]), peer[1]))

    def _service(self, peer: str, peer_port: int) -> Lines | Pages:
        if self._protocol == "http":
            return Pages(self._voice, peer, peer_port, self._readiness, self._count)
        self._count()
        return Lines(self._voice, peer, peer_port)

    def _count(self) -> None:
        self.arrived += 1

    def _datagrams(self) -> None:
        while True:
            try:
                data, control, _, peer = self._sock.recvmsg(65536, 64)
            except BlockingIOError:
                return
            except OSError:
                continue
            self.arrived += 1
            line, _, payload = data.partition(b"\n")
            nonce, _size = asked(line)
            answer = self._voice.line(plain(peer[0]), peer[1], nonce, len(payload)) + payload
            try:
                # From the very address that was asked: a host has several, and the caller's conntrack knows but one.
                self._sock.sendmsg([answer], control, 0, peer)
            except OSError:
                continue


class Listeners:
    """All listeners of this pod."""

    def __init__(self, loop: Loop, readiness: Readiness) -> None:
        self._loop, self._readiness = loop, readiness
        self._open: dict[Key, Listener] = {}

    def open(self, protocol: str, port: int) -> int:
        """Serve on this port and return it (0 lets the kernel choose). Raises OSError."""
        if (protocol, port) in self._open:
            return port
        listener = Listener(self._loop, protocol, port, self._readiness)
        self._open[protocol, listener.port] = listener
        return listener.port

    def close(self, protocol: str, port: int) -> None:
        """Serve on this port no more."""
        listener = self._open.pop((protocol, port), None)
        if listener is not None:
            listener.close()

    def change(self, body: dict[str, Any], respond: Respond) -> None:
        """Open and close what is asked; respond with what is open then, and how much arrived at each since."""
        for spec in (*body.get("open", ()), *body.get("close", ())):
            specs.listener(spec)
        opened = [self.open(spec["protocol"], spec["port"]) for spec in body.get("open", ())]
        for spec in body.get("close", ()):
            self.close(spec["protocol"], spec["port"])
        state = [
            {"protocol": key[0], "port": key[1], "arrived": listener.arrived} for key, listener in self._open.items()
        ]
        respond({"opened": opened, "listeners": state})

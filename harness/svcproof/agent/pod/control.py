"""The control side: HTTP/1.1 from the harness, on a unix socket or a TCP port; all but GET /ready need the secret."""

from __future__ import annotations

import hmac
import json
import os
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

from connections import Connection, Reply
from listening import listening
from loop import Loop
from serving import Readiness
from webtext import Request, response, take

Respond = Callable[[Any], None]
Route = Callable[[Any, Respond], None]
"""Takes what was posted, an object as JSON has it, and responds now or later. An exception means 400."""
BODY = 8 << 20
"""No body is longer, in bytes: 10,000 probes take two million."""


class Control:
    """Answers the harness on every connection to the control socket."""

    def __init__(self, loop: Loop, secret: str, readiness: Readiness, routes: dict[str, Route]) -> None:
        self._loop, self._secret, self._readiness, self._routes = loop, secret.encode(), readiness, routes

    def listen(self, where: str) -> None:
        """Listen on `unix:PATH` or `tcp:PORT`. Raises OSError, and ValueError for anything else."""
        kind, _, place = where.partition(":")
        if kind == "unix":
            Path(place).unlink(missing_ok=True)
            sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
            sock.bind(place)
            sock.listen(128)
        elif kind == "tcp":
            sock = listening("tcp", int(place))
        else:
            raise ValueError(f"--control takes unix:PATH or tcp:PORT, not {where!r}")
        self._loop.watch(sock.fileno(), lambda: self._accept(sock))

    def take(self, buffer: bytes) -> tuple[Request, bytes] | None:
        """Take one request."""
        return take(buffer, BODY)

    def serve(self, request: Request, reply: Reply) -> bytes | None:
        """Answer one request, most of them later."""
        if request.path == "/ready" and request.method == "GET":
            return self._readiness.response()
        offered = request.headers.get("x-svcproof-secret", "").encode()
        if not hmac.compare_digest(offered, self._secret):
            return refusal(403, "the header X-Svcproof-Secret is missing or wrong")
        route = self._routes.get(request.path)
        if route is None:
            return refusal(404, f"no such path: {request.path}")
        try:
            body = json.loads(request.body or b"{}")
            if not isinstance(body, dict):
                raise ValueError("what is posted is an object")
            route(body, self._responder(reply))
        except Exception as why:  # whatever it is: the harness is to be told, and the agent to go on
            return refusal(400, f"{type(why).__name__}: {why}")
        return None

    def _responder(self, reply: Reply) -> Respond:
        def respond(value: Any) -> None:
            self._loop.after(0, lambda: reply(response(200, json.dumps(value).encode())))

        return respond

    def _accept(self, sock: socket.socket) -> None:
        while True:
            try:
                accepted, _ = sock.accept()
            except OSError:
                return
            accepted.setblocking(False)
            Connection(self._loop, accepted, self)


def refusal(status: int, why: str) -> bytes:
    """Return a response that says why not."""
    return response(status, json.dumps({"error": why}).encode())


def environment(_: Any, respond: Respond) -> None:
    """Respond with what a container sees of its surroundings."""
    respond(
        {
            "variables": dict(os.environ),
            "resolv_conf": text("/etc/resolv.conf"),
            "hosts": text("/etc/hosts"),
            "hostname": socket.gethostname(),
        }
    )


def text(path: str) -> str:
    """Return a file's text; empty where there is no such file."""
    try:
        return Path(path).read_text(errors="replace")
    except FileNotFoundError:
        return ""

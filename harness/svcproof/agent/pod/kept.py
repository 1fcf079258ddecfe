"""One socket that is kept, over which tries go out one after another, whether or not those before were answered."""

from __future__ import annotations

import socket
import time
from collections import deque
from functools import partial
from typing import Any

from answers import understood
from errnos import Result, failed, meaning
from exchange import ROUNDS, Done, complaint, connect, drop
from loop import Timer
from probing import Prober, Spec
from wire import LINE, NotOurs, request

STALE = 1024
"""So many nonces of tries that are over are remembered: an answer to one of them is passed over."""


class Kept:
    """A connection, or a UDP socket. One that the other side or the kernel ended is opened anew with the next try."""

    def __init__(self, prober: Prober, spec: Spec) -> None:
        self._prober, self._loop, self._spec = prober, prober.loop, spec
        self._datagrams = spec["protocol"] == "udp"
        self._sock: socket.socket | None = None
        self._input, self._output = b"", b""
        self._waiting: dict[str, tuple[float, Timer, Done]] = {}
        self._stale: deque[str] = deque(maxlen=STALE)
        self._answered = False
        self.broken = 0
        """The number of connections over which somebody had answered and that somebody else ended."""

    def attempt(self, done: Done) -> None:
        """Send one try; `done` gets its result once it is answered, or its time is over."""
        if self._sock is None and (result := self._open()) is not None:
            return done(result)
        nonce = self._prober.nonce()
        timer = self._loop.after(self._spec["timeout"], partial(self._end, nonce, {"outcome": "dropped"}))
        self._waiting[nonce] = (time.monotonic(), timer, done)
        self._output += request(self._spec["protocol"], nonce, 0)
        return self._ready()

    def close(self) -> None:
        """Close the socket, if there is one."""
        if self._sock is not None:
            self._loop.forget(self._sock.fileno())
            drop(self._sock)
        self._sock, self._input, self._output, self._answered = None, b"", b"", False

    def _open(self) -> Result | None:
        try:
            sock = self._prober.open(self._spec)
        except OSError as why:
            return failed(why)
        result = connect(sock, self._spec["address"], self._spec["port"])
        if result is not None:
            sock.close()
            return result
        self._sock = sock
        self._loop.watch(sock.fileno(), self._ready)
        return None

    def _ready(self) -> None:
        sock = self._sock
        if sock is None:
            return None
        try:
            self._send(sock)
            for _ in range(ROUNDS):
                data = sock.recv(65536)
                if not data and not self._datagrams:
                    return self._break({"outcome": "refused", "errno": "EOF"})
                self._take(data)
            self._loop.again(sock.fileno())
        except BlockingIOError:
            if self._output and not self._datagrams and (code := complaint(sock)):
                self._break(meaning(code, self._spec["address"]))
        except NotOurs as what:
            self._break({"outcome": "stranger", "detail": str(what)})
        except OSError as error:
            self._fail(meaning(error.errno or 0, self._spec["address"]))
        return None

    def _send(self, sock: socket.socket) -> None:
        while self._output:
            try:
                self._output = self._output[sock.send(self._output) :]
            except PermissionError:  # a local packet filter dropped the datagram: the same silence as on the way
                self._output = b""

    def _take(self, data: bytes) -> None:
        lines, newline, self._input = (self._input + data).rpartition(b"\n")
        if len(self._input) > LINE or (self._datagrams and self._input):
            raise NotOurs(repr(data[:200]))
        for line in lines.split(b"\n") if newline else ():
            answer: dict[str, Any] = understood(line, self._spec["protocol"])
            self._answered = True
            if answer["nonce"] in self._waiting:
                self._end(answer["nonce"], {"outcome": "answered", "answer": answer})
            elif answer["nonce"] not in self._stale:
                raise NotOurs("it answers somebody else's probe: " + repr(line[:200]))

    def _fail(self, result: Result) -> None:
        """An error came back: for a datagram, which ends with it, or for the connection as a whole."""
        if not self._datagrams or result.get("outcome") == "torn-down":
            return self._break(result)
        self._output = b""
        if self._waiting:
            self._end(next(iter(self._waiting)), result)
        if self._sock is not None:
            self._loop.again(self._sock.fileno())
        return None

    def _break(self, result: Result) -> None:
        self.broken += self._answered
        self.close()
        for nonce in list(self._waiting):
            self._end(nonce, dict(result))

    def _end(self, nonce: str, result: Result) -> None:
        began, timer, done = self._waiting.pop(nonce)
        timer.cancel()
        self._stale.append(nonce)
        result["seconds"] = time.monotonic() - began
        done(result)

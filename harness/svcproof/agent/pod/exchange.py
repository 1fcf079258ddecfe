"""One request and its answer over one non-blocking socket, and what came of it."""

from __future__ import annotations

import errno
import socket
import struct
import time
from collections.abc import Callable
from typing import Any, Protocol

from errnos import Result, meaning, route_error
from loop import Loop
from wire import NotOurs

Done = Callable[[Result], None]
TCP, UDP, SCTP = socket.IPPROTO_TCP, socket.IPPROTO_UDP, 132
NUMBERS = {"tcp": TCP, "http": TCP, "udp": UDP, "sctp": SCTP}
"""The protocols' numbers, by which a socket is told: `proto` is at hand, `type` made anew each time it is read."""
TOTAL_RETRANS = 100
"""The offset of tcpi_total_retrans in struct tcp_info of linux/tcp.h."""
IP_RECVERR, IPV6_RECVERR = (socket.IPPROTO_IP, 11), (socket.IPPROTO_IPV6, 25)  # linux/in.h, linux/in6.h
ROUNDS = 16
"""So many times a socket is read in a row: who never stops sending must not keep the agent from everything else."""


class Ear(Protocol):
    """Puts together what was received."""

    @property
    def waiting(self) -> bool:
        """True if something was received that is not a whole answer."""

    @property
    def strange(self) -> bool:
        """True if something was received that does not begin an answer of ours either."""

    def feed(self, data: bytes) -> Any:
        """Return the answer once it is whole, else None. Raises NotOurs."""


def endpoint(protocol: str, address: str) -> socket.socket:
    """Make a non-blocking socket for this protocol, of the address's family."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    number = NUMBERS[protocol]
    kind = socket.SOCK_DGRAM if number == UDP else socket.SOCK_STREAM
    sock = socket.socket(family, kind | socket.SOCK_NONBLOCK, number)
    if number == TCP:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if number != SCTP:
        # Else the kernel tells a datagram's sender of a closed port only, and keeps from a TCP client any error that
        # comes back before its connect() has returned, until the SYN is sent again a second later.
        level, option = IPV6_RECVERR if family == socket.AF_INET6 else IP_RECVERR
        sock.setsockopt(level, option, 1)
    return sock


def complaint(sock: socket.socket) -> int:
    """Return the error that came back for a TCP connection in the making; 0 where none did."""
    try:
        _, ancillary, _, _ = sock.recvmsg(1, 512, socket.MSG_ERRQUEUE)
    except BlockingIOError:
        return 0
    codes = [
        struct.unpack_from("=I", data)[0] for *kind, data in ancillary if tuple(kind) in (IP_RECVERR, IPV6_RECVERR)
    ]
    return int(codes[0]) if codes else 0


def connect(sock: socket.socket, address: str, port: int) -> Result | None:
    """Start to connect; return a result where that failed at once."""
    code = sock.connect_ex((address, port))
    if code in (0, errno.EINPROGRESS):
        return None
    return {**meaning(code, address, connecting=True), "seconds": 0.0}


def resent(sock: socket.socket) -> int:
    """Return how many segments the kernel sent again, such as a SYN that got lost; 0 for what is not TCP."""
    if sock.proto != TCP:
        return 0
    info = sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, TOTAL_RETRANS + 4)
    return int(struct.unpack_from("=I", info, TOTAL_RETRANS)[0])


def drop(sock: socket.socket) -> None:
    """Close at once with a reset, so that thousands of probes leave no port in TIME_WAIT."""
    if sock.proto != UDP:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    sock.close()


class Exchange:
    """Sends `request` as soon as the socket takes it, and hands what comes back to `ear` until that is satisfied.

    A datagram is sent again after a third of the time, since one may be lost by chance. The socket stays open:
    closing it is for `done`.
    """

    __slots__ = ("_address", "_again", "_began", "_datagram", "_deadline", "_done", "_ear", "_left", "_loop", "_sock")

    def __init__(
        self, loop: Loop, sock: socket.socket, address: str, request: bytes, ear: Ear, timeout: float, done: Done
    ) -> None:
        self._loop, self._sock, self._left, self._ear, self._done = loop, sock, request, ear, done
        self._address = address
        self._datagram = request if sock.proto == UDP else b""
        self._began = time.monotonic()
        self._deadline = loop.after(timeout, self._expired)
        self._again = loop.after(timeout / 3, self._repeat) if self._datagram else None
        if self._datagram:
            sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)  # an error that came late for an earlier datagram
        loop.watch(sock.fileno(), self._ready)

    def _ready(self) -> None:
        try:
            self._send()
            for _ in range(ROUNDS):
                data = self._sock.recv(65536)
                if not data and not self._datagram:
                    return self._end(self._closed())
                answer = self._ear.feed(data)
                if answer is not None:
                    return self._end({"outcome": "answered", "answer": answer, "resent": resent(self._sock)})
            self._loop.again(self._sock.fileno())
        except BlockingIOError:
            connecting = self._left and not self._datagram
            if not connecting or not (code := complaint(self._sock)):
                return None
            return self._end(meaning(code, self._address))
        except NotOurs as what:
            return self._end({"outcome": "stranger", "detail": str(what)})
        except OSError as error:
            if error.errno == errno.EMSGSIZE and self._datagram:  # sent again, it fits the way
                self._left = b""
                return self._loop.again(self._sock.fileno())
            return self._end(meaning(error.errno or 0, self._address))

    def _closed(self) -> Result:
        """The other side ended the connection: in the middle of something that is no answer of ours, or at once."""
        if self._ear.waiting:
            return {"outcome": "stranger", "detail": "closed before the answer was whole"}
        return {"outcome": "refused", "errno": "EOF"}

    def _send(self) -> None:
        while self._left:
            try:
                self._left = self._left[self._sock.send(self._left) :]
            except PermissionError:  # a local packet filter dropped the datagram: the same silence as on the way
                self._left = b""
            except OSError as error:
                # Its kernel gave the datagram another destination, which has no way: silence, too.
                if not self._datagram or error.errno != errno.EINVAL or route_error(self._address) == errno.EINVAL:
                    raise
                self._left = b""

    def _repeat(self) -> None:
        self._left = self._datagram
        self._ready()

    def _expired(self) -> None:
        if self._ear.strange:
            self._end({"outcome": "stranger", "detail": "it said something else, and no more until the time was over"})
        else:
            self._end({"outcome": "dropped"})

    def _end(self, result: Result) -> None:
        result["seconds"] = time.monotonic() - self._began
        self._deadline.cancel()
        if self._again:
            self._again.cancel()
        self._loop.forget(self._sock.fileno())
        self._done(result)

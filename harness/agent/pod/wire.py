"""What a probe and its answer look like on the wire, for both ends.

A request is the line `svcproof NONCE SIZE` and SIZE bytes of payload. The answer is one line of JSON saying who
answers, where, and whom it saw asking, with the nonce, and then the payload again. Over HTTP the request is
`POST /?NONCE` with the payload as its body. An answer to anything else has an empty nonce, so that `nc` and `curl`
show something too.
"""

from __future__ import annotations

import json
import os
from typing import Any

MAGIC = b"svcproof"
LINE = 4096
"""No line of ours is longer, in bytes."""


class NotOurs(Exception):
    """What was received is no answer to this probe from one of our backends."""


def filler(size: int) -> bytes:
    """`size` bytes of payload."""
    return b"x" * size


def request(protocol: str, nonce: str, size: int) -> bytes:
    """One probe, as it is sent."""
    if protocol == "http":
        head = f"POST /?{nonce} HTTP/1.1\r\nHost: svcproof\r\nContent-Length: {size}\r\n\r\n"
        return head.encode() + filler(size)
    return b"%s %s %d\n" % (MAGIC, nonce.encode(), size) + filler(size)


class Voice:
    """Answers in the name of this pod, on one listener."""

    __slots__ = ("_opening",)

    def __init__(self, protocol: str, port: int) -> None:
        said = {
            "pod": os.environ.get("POD_NAME", os.uname().nodename),
            "node": os.environ.get("NODE_NAME", ""),
            "namespace": os.environ.get("POD_NAMESPACE", ""),
            "port": port,
            "protocol": protocol,
        }
        self._opening = json.dumps(said)[:-1]

    def line(self, peer: str, peer_port: int, nonce: str, size: int) -> bytes:
        """Return the answer's line for one caller. A nonce that JSON would have to escape is left out."""
        nonce = nonce if nonce.isalnum() else ""
        caller = f'"source": "{peer}", "source_port": {peer_port}, "nonce": "{nonce}", "size": {size}'
        return f"{self._opening}, {caller}}}\n".encode()


class Hearing:
    """Collects one answer from a stream or from datagrams.

    `stale` are nonces of earlier probes over the same socket: an answer to one of them is passed over.
    """

    __slots__ = ("_buffer", "_datagrams", "_http", "_nonce", "_size", "_stale")

    def __init__(self, protocol: str, nonce: str, size: int, stale: frozenset[str] = frozenset()) -> None:
        self._nonce, self._size, self._stale = nonce, size, stale
        self._http = protocol == "http"
        self._datagrams = protocol == "udp"
        self._buffer = b""

    def feed(self, data: bytes) -> dict[str, Any] | None:
        """Take what was received; return the answer once it is whole. Raises NotOurs."""
        self._buffer = data if self._datagrams else self._buffer + data
        while True:
            if self._http and not self._drop_head():
                break
            line, newline, rest = self._buffer.partition(b"\n")
            if not newline:
                break
            answer = understood(line)
            if len(rest) < answer["size"]:
                break
            self._buffer = rest[answer["size"] :]
            if answer["nonce"] == self._nonce:
                return answer
            if answer["nonce"] not in self._stale:
                raise NotOurs("it answers somebody else's probe: " + repr(line[:200]))
            if not self._buffer:
                return None
        if self._datagrams or len(self._buffer) > LINE + self._size:
            raise NotOurs(repr(self._buffer[:200]))
        return None

    def _drop_head(self) -> bool:
        head, blank, body = self._buffer.partition(b"\r\n\r\n")
        if not blank:
            return False
        if not head.startswith(b"HTTP/1.1 200 "):
            raise NotOurs(repr(head[:80]))
        self._http, self._buffer = False, body
        return True


def understood(line: bytes) -> dict[str, Any]:
    """Read an answer's line; raises NotOurs."""
    try:
        answer = json.loads(line)
    except ValueError:
        raise NotOurs(repr(line[:200])) from None
    if not isinstance(answer, dict) or not {"pod", "nonce", "source", "size"} <= answer.keys():
        raise NotOurs(repr(line[:200]))
    return answer

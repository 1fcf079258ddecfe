"""The form of a probe and its answer on the wire, for both ends.

A request is the line `svcproof NONCE SIZE` and SIZE bytes of payload. The answer is one line of JSON saying who
answers, where, and whom it saw asking, with the nonce, and then the payload again. Over HTTP the request is
`POST /?NONCE` with the payload as its body. An answer to anything else has an empty nonce, so that `nc` and `curl`
show something too.
"""

from __future__ import annotations

import json
import os
import socket

MAGIC = b"svcproof"
LINE = 4096
"""No line of ours is longer, in bytes."""
PAYLOAD = 1 << 20
"""No payload is longer, in bytes: who announces more is not waited for."""


class NotOurs(Exception):
    """The bytes received are not an answer to this probe from one of our backends."""


def filler(size: int) -> bytes:
    """`size` bytes of payload."""
    return b"x" * size


def is_address(text: str) -> bool:
    """True for an IPv4 or IPv6 address, with or without a zone; the C library reads it in a tenth of the time."""
    try:
        if ":" in text:
            return bool(socket.inet_pton(socket.AF_INET6, text.partition("%")[0]))
        return bool(socket.inet_pton(socket.AF_INET, text))
    except (OSError, ValueError):
        return False


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
        identity = {
            "pod": os.environ.get("POD_NAME", os.uname().nodename),
            "node": os.environ.get("NODE_NAME", ""),
            "namespace": os.environ.get("POD_NAMESPACE", ""),
            "port": port,
            "protocol": protocol,
        }
        self._opening = json.dumps(identity)[:-1]

    def line(self, peer: str, peer_port: int, nonce: str, size: int) -> bytes:
        """Return the answer's line for one caller. A nonce that JSON would have to escape is left out."""
        nonce = nonce if nonce.isalnum() and nonce.isascii() else ""
        caller = f'"source": "{peer}", "source_port": {peer_port}, "nonce": "{nonce}", "size": {size}'
        return f"{self._opening}, {caller}}}\n".encode()

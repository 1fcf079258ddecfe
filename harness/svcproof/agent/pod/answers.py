"""Reading answers: whatever is not the well-formed answer to one very probe is not ours, be it any bytes at all."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from wire import LINE, NotOurs, filler, is_address

NAME = 253
"""No name of a pod, a node or a namespace is longer, in characters."""


class Hearing:
    """Collects one answer from a stream or from datagrams.

    `stale` has the nonces of earlier probes over the same socket, each with its size: an answer to one of them is
    passed over.
    """

    __slots__ = ("_begun", "_buffer", "_most", "_nonce", "_protocol", "_sizes")

    def __init__(self, protocol: str, nonce: str, size: int, stale: Mapping[str, int] | None = None) -> None:
        self._protocol, self._nonce = protocol, nonce
        self._sizes = {**(stale or {}), nonce: size}
        self._most = LINE + max(self._sizes.values())
        self._buffer = b""
        self._begun = False

    @property
    def waiting(self) -> bool:
        """True if something was received that is not a whole answer."""
        return bool(self._buffer)

    @property
    def strange(self) -> bool:
        """True if something was received that does not begin an answer of ours either."""
        return bool(self._buffer) and not self._begun

    def feed(self, data: bytes) -> dict[str, Any] | None:
        """Take what was received; return the answer once it is whole. Raises NotOurs."""
        self._buffer = data if self._protocol == "udp" else self._buffer + data
        while (taken := self._take()) is not None:
            answer, self._buffer = taken
            if self._buffer and (self._protocol == "udp" or answer["nonce"] == self._nonce):
                raise NotOurs("more follows the answer: " + repr(self._buffer[:200]))
            if answer["nonce"] == self._nonce:
                return answer
            if not self._buffer:
                return None
        if self._protocol == "udp" or len(self._buffer) > self._most:
            raise NotOurs(repr(self._buffer[:200]))
        return None

    def _take(self) -> tuple[dict[str, Any], bytes] | None:
        """The first answer in the buffer and what follows it, or None where it is not whole yet."""
        self._begun, rest, length = False, self._buffer, None
        if self._protocol == "http":
            head, blank, rest = rest.partition(b"\r\n\r\n")
            if not blank:
                return None
            length = content_length(head)
        line, newline, rest = rest.partition(b"\n")
        if not newline:
            return None
        answer = understood(line, self._protocol)
        size = self._sizes.get(answer["nonce"])
        if size is None:
            raise NotOurs("it answers somebody else's probe: " + repr(line[:200]))
        if answer["size"] != size or length not in (None, len(line) + 1 + size):
            raise NotOurs("it tells another size than was asked for: " + repr(line[:200]))
        if not filler(size).startswith(rest[:size]):
            raise NotOurs("its payload is not the one that was sent: " + repr(rest[:200]))
        self._begun = True
        return (answer, rest[size:]) if len(rest) >= size else None


def content_length(head: bytes) -> int:
    """Return what a response of ours says of its length, before the blank line; raises NotOurs for any other."""
    status, *lines = head.split(b"\r\n")
    pairs = [(name.strip().lower(), value.strip()) for name, _, value in (line.partition(b":") for line in lines)]
    names = [name for name, _ in pairs]
    lengths = [value for name, value in pairs if name == b"content-length"]
    encoded = {b"transfer-encoding", b"content-encoding"} & set(names)
    if status != b"HTTP/1.1 200 OK" or encoded or len(lengths) != 1 or not _is_count(lengths[0]):
        raise NotOurs(repr(head[:200]))
    return int(lengths[0])


def understood(line: bytes, protocol: str) -> dict[str, Any]:
    """Read an answer's line; raises NotOurs."""
    try:
        if len(line) > LINE:
            raise ValueError("a line of more than 4 kB")
        answer: Any = DECODER.decode(line.decode("ascii"))
    except (ValueError, RecursionError):
        raise NotOurs(repr(line[:200])) from None
    if not (isinstance(answer, dict) and answer.keys() == FIELDS.keys()):
        raise NotOurs(repr(line[:200]))
    if answer["protocol"] != protocol or not all(fits(answer[key]) for key, fits in FIELDS.items()):
        raise NotOurs(repr(line[:200]))
    return answer


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) < len(pairs):
        raise ValueError("a key is there twice")
    return fields


def _refused(constant: str) -> Any:
    raise ValueError(f"{constant} is no JSON")


DECODER = json.JSONDecoder(object_pairs_hook=_unique, parse_constant=_refused)


def _is_count(digits: bytes) -> bool:
    return digits.isdigit() and len(digits) < 8


def _is_name(value: Any) -> bool:
    """True if it may be a name, or the empty one of a place that has none: printable, and not long."""
    return isinstance(value, str) and len(value) <= NAME and value.isascii() and value.isprintable()


def _is_address(value: Any) -> bool:
    return isinstance(value, str) and is_address(value)


def _is_number(most: int) -> Callable[[Any], bool]:
    return lambda value: type(value) is int and 0 <= value <= most


FIELDS: dict[str, Callable[[Any], bool]] = {
    "pod": lambda value: _is_name(value) and value != "",
    "node": _is_name,
    "namespace": _is_name,
    "port": _is_number(65535),
    "protocol": _is_name,
    "source": _is_address,
    "source_port": _is_number(65535),
    "nonce": _is_name,
    "size": _is_number(1 << 30),
}
"""The keys of an answer, and what fits them."""

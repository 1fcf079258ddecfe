"""As much of HTTP/1.1 as the agent speaks: bodies with a Content-Length or in chunks, kept-alive connections."""

from __future__ import annotations

from typing import NamedTuple

HEAD = 16384
"""No head of a request is longer, in bytes."""
CHUNKS, CHUNK_LINE = 16384, 256
"""So many chunks at most, and so many bytes to say the length of one."""
REASONS = {200: "OK", 400: "Bad Request", 403: "Forbidden", 404: "Not Found", 503: "Service Unavailable"}


class Request(NamedTuple):
    """One request; names of headers are in lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


def take(buffer: bytes, most: int) -> tuple[Request, bytes] | None:
    """Return the first request of a buffer and what follows it, or None where it is not whole yet.

    Raises ValueError where it is no HTTP, or its body is of more than `most` bytes.
    """
    head, blank, rest = buffer.partition(b"\r\n\r\n")
    if len(head) > HEAD:
        raise ValueError("headers of more than 16 kB")
    if not blank:
        return None
    lines = head.decode("latin-1").split("\r\n")
    method, path, _ = lines[0].split(" ", 2)
    headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
    if headers.get("transfer-encoding") == "chunked":
        body = _chunks(rest, most)
    else:
        body = _sized(rest, number(headers.get("content-length", "0"), 10, most))
    return None if body is None else (Request(method, path, headers, body[0]), body[1])


def number(digits: str, base: int, most: int) -> int:
    """Read a number as HTTP writes it: digits and nothing else. Raises ValueError for any other, or more than most."""
    if not 0 < len(digits) < 16 or not set(digits) <= set("0123456789abcdefABCDEF"[: 22 if base == 16 else 10]):
        raise ValueError(f"no number: {digits[:20]!r}")
    if int(digits, base) > most:
        raise ValueError(f"more than {most} bytes: {digits}")
    return int(digits, base)


def _sized(rest: bytes, length: int) -> tuple[bytes, bytes] | None:
    return None if len(rest) < length else (rest[:length], rest[length:])


def _chunks(rest: bytes, most: int) -> tuple[bytes, bytes] | None:
    """The same of a body in chunks without trailers: each has its length in hexadecimal before it, the last none."""
    pieces: list[bytes] = []
    at = size = 0
    while len(pieces) < CHUNKS:
        end = rest.find(b"\r\n", at, at + CHUNK_LINE)
        if end < 0:
            if len(rest) >= at + CHUNK_LINE:
                break
            return None
        length = number(rest[at:end].partition(b";")[0].strip().decode("latin-1"), 16, most - size)
        at, size = end + 2 + length + 2, size + length
        if len(rest) < at:
            return None
        pieces.append(rest[end + 2 : at - 2])
        if not length:
            return b"".join(pieces), rest[at:]
    raise ValueError("a body in chunks that are too many, or begin with no length")


def response(status: int, body: bytes, kind: str = "application/json") -> bytes:
    """Return a whole response that leaves the connection open."""
    head = f"HTTP/1.1 {status} {REASONS[status]}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body

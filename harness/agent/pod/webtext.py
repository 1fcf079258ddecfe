"""As much of HTTP/1.1 as the agent speaks: bodies with a Content-Length or in chunks, kept-alive connections."""

from __future__ import annotations

from typing import NamedTuple

REASONS = {200: "OK", 400: "Bad Request", 403: "Forbidden", 404: "Not Found", 503: "Service Unavailable"}


class Request(NamedTuple):
    """One request; names of headers are in lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


def take(buffer: bytes) -> tuple[Request, bytes] | None:
    """Return the first request of a buffer and what follows it, or None where it is not whole yet.

    Raises ValueError where it is no HTTP.
    """
    head, blank, rest = buffer.partition(b"\r\n\r\n")
    if not blank:
        if len(head) > 16384:
            raise ValueError("headers of more than 16 kB")
        return None
    lines = head.decode("latin-1").split("\r\n")
    method, path, _ = lines[0].split(" ", 2)
    headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
    body = _chunks(rest) if headers.get("transfer-encoding") == "chunked" else _sized(rest, headers)
    return None if body is None else (Request(method, path, headers, body[0]), body[1])


def _sized(rest: bytes, headers: dict[str, str]) -> tuple[bytes, bytes] | None:
    length = int(headers.get("content-length", "0"))
    return None if len(rest) < length else (rest[:length], rest[length:])


def _chunks(rest: bytes) -> tuple[bytes, bytes] | None:
    """The same of a body in chunks without trailers: each has its length in hexadecimal before it, the last none."""
    body = b""
    while True:
        line, ended, rest = rest.partition(b"\r\n")
        if not ended:
            return None
        length = int(line.partition(b";")[0], 16)
        if len(rest) < length + 2:
            return None
        body, rest = body + rest[:length], rest[length + 2 :]
        if not length:
            return body, rest


def response(status: int, body: bytes, kind: str = "application/json") -> bytes:
    """Return a whole response that leaves the connection open."""
    head = f"HTTP/1.1 {status} {REASONS[status]}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body

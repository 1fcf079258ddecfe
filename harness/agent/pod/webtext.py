"""As much of HTTP/1.1 as the agent speaks: requests with a Content-Length, kept-alive connections."""

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
    length = int(headers.get("content-length", "0"))
    if len(rest) < length:
        return None
    return Request(method, path, headers, rest[:length]), rest[length:]


def response(status: int, body: bytes, kind: str = "application/json") -> bytes:
    """Return a whole response that leaves the connection open."""
    head = f"HTTP/1.1 {status} {REASONS[status]}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body

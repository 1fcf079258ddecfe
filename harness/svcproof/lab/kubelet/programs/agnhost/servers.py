"""Servers that the commands have in common."""

import os
import signal
import socket
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Address = tuple[str, int]


class Handler(BaseHTTPRequestHandler):
    """Answers with short texts."""

    protocol_version = "HTTP/1.1"

    def say(self, text: str, code: int = 200, **headers: str) -> None:
        """Send an answer."""
        body = text.encode()
        self.send_response(code)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name the base class gave it
        """Say nothing: tests make thousands of requests."""


class DualStack(ThreadingHTTPServer):
    """Listens on every address of both families where the kernel has both."""

    address_family = socket.AF_INET6 if socket.has_dualstack_ipv6() else socket.AF_INET
    request_queue_size = 1024
    daemon_threads = True


def shown(address: Address) -> str:
    """A peer address as Go writes it, an IPv4 one not as IPv6."""
    host = address[0].removeprefix("::ffff:")
    return f"[{host}]:{address[1]}" if ":" in host else f"{host}:{address[1]}"


def udp(port: int, answer: Callable[[str, Address], str]) -> None:
    """Answer each datagram, for ever."""
    family = socket.AF_INET6 if socket.has_dualstack_ipv6() else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as sock:
        if family == socket.AF_INET6:
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        sock.bind(("", port))
        while True:
            data, peer = sock.recvfrom(65535)
            sock.sendto(answer(data.decode(errors="replace").strip(), peer[:2]).encode(), peer)


def in_background(serve: Callable[[], None]) -> None:
    """Serve beside whatever else is served."""
    threading.Thread(target=serve, daemon=True).start()


def end_on_sigterm(delay: float) -> threading.Event:
    """Leave on SIGTERM, after `delay` seconds of going on; what is returned is set from the one to the other."""
    ending = threading.Event()

    def end(*_: object) -> None:
        ending.set()
        # Not by sleeping here: the signal interrupts the thread that serves.
        threading.Timer(delay, os._exit, (0,)).start()

    signal.signal(signal.SIGTERM, end)
    return ending

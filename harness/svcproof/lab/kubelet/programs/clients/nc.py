#!/usr/bin/env python3
"""nc, as far as tests use it: `nc [-v] [-t | -u] [-z] [-w SECONDS] [-p SOURCE] HOST PORT`.

Standard input is sent, answers are shown.
"""

import argparse
import os
import select
import socket
import sys
from contextlib import suppress


def main() -> int:
    """Talk to the peer until it closes or is silent for as long as -w says."""
    parser = argparse.ArgumentParser(prog="nc")
    for flag in ("-v", "-t", "-u", "-z"):
        parser.add_argument(flag, action="store_true")
    parser.add_argument("-w", type=float, default=None)
    parser.add_argument("-p", type=int, default=0)
    parser.add_argument("host")
    parser.add_argument("port", type=int)
    asked = parser.parse_args()
    kind = socket.SOCK_DGRAM if asked.u else socket.SOCK_STREAM
    name = f"{asked.host} {asked.port} port"
    try:
        family, _, _, _, address = socket.getaddrinfo(asked.host, asked.port, type=kind)[0]
        with socket.socket(family, kind) as sock:
            sock.settimeout(asked.w)
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            sock.bind(("", asked.p))
            sock.connect(address)
            if asked.v:
                sys.stderr.write(f"Connection to {name} [{'udp' if asked.u else 'tcp'}/*] succeeded!\n")
            if not asked.z:
                _talk(sock, asked.w)
            return 0
    except OSError as error:
        sys.stderr.write(f"nc: connect to {name} failed: {error.strerror or error}\n")
        return 1


def _talk(sock: socket.socket, patience: float | None) -> None:
    """A connection that the peer resets has ended like any other, to nc."""
    sources: list[int | socket.socket] = [0, sock]
    with suppress(ConnectionError):
        while ready := select.select(sources, (), (), patience)[0]:
            if sock in ready:
                answer = sock.recv(65536)
                if not answer:
                    break
                sys.stdout.buffer.write(answer)
                sys.stdout.buffer.flush()
            if 0 in ready:
                data = os.read(0, 65536)
                if data:
                    sock.sendall(data)
                else:
                    sources.remove(0)
                    _end_input(sock)


def _end_input(sock: socket.socket) -> None:
    if sock.type == socket.SOCK_STREAM:
        with suppress(OSError):  # The peer was faster to hang up.
            sock.shutdown(socket.SHUT_WR)


if __name__ == "__main__":
    sys.exit(main())

"""Sockets that listen, on every address of both families."""

from __future__ import annotations

import socket

from exchange import SCTP

IP_PKTINFO = 8  # linux/in.h; the socket module of older Pythons has no name for it
SO_RCVBUFFORCE = 33  # asm-generic/socket.h
QUEUE = 4 << 20
"""Bytes of datagrams that may wait: the default holds some 250 of them."""


def listening(protocol: str, port: int) -> socket.socket:
    """Bind on :: for both families, or on 0.0.0.0 where there is no IPv6. Raises OSError."""
    kind = socket.SOCK_DGRAM if protocol == "udp" else socket.SOCK_STREAM
    number = SCTP if protocol == "sctp" else 0
    try:
        sock = socket.socket(socket.AF_INET6, kind | socket.SOCK_NONBLOCK, number)
    except OSError:
        return _bound(socket.socket(socket.AF_INET, kind | socket.SOCK_NONBLOCK, number), "0.0.0.0", port)
    sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    return _bound(sock, "::", port)


def _bound(sock: socket.socket, address: str, port: int) -> socket.socket:
    try:
        if sock.type == socket.SOCK_DGRAM:
            _prepare_for_datagrams(sock)
            sock.bind((address, port))
        else:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            sock.bind((address, port))
            sock.listen(4096)
    except OSError:
        sock.close()
        raise
    return sock


def _prepare_for_datagrams(sock: socket.socket) -> None:
    """Have the kernel queue many, and tell the address each was sent to."""
    try:
        sock.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, QUEUE)
    except PermissionError:  # not allowed to go past the system's limit: up to there, then
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, QUEUE)
    if sock.family == socket.AF_INET6:
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_RECVPKTINFO, 1)
    else:
        sock.setsockopt(socket.IPPROTO_IP, IP_PKTINFO, 1)

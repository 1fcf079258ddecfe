"""The hardware address that packets to an address are sent to: its own, or the next hop's.

https://docs.kernel.org/userspace-api/netlink/intro.html
"""

from __future__ import annotations

import socket
import struct
from collections.abc import Callable, Iterator
from ipaddress import ip_address
from typing import Any

HEADER, NEIGHBOUR, ROUTE, ATTRIBUTE = "=IHHII", "=BxHiHBB", "=8BI", "=HH"
GETROUTE, GETNEIGH, DONE, ERROR = 26, 30, 3, 2
REQUEST, DUMP = 0x1, 0x301
DESTINATION, LINK_LAYER, GATEWAY = 1, 2, 5
VALID = 0x02 | 0x04 | 0x08 | 0x10 | 0x80
"""States of a neighbour that has answered: reachable, stale, delay, probe, permanent."""


def neighbour(body: Any, respond: Callable[[Any], None]) -> None:
    """Respond with the hardware address for an address; empty where none is known. Raises ValueError for none."""
    address = ip_address(str(body["address"])).packed
    family = socket.AF_INET6 if len(address) > 4 else socket.AF_INET
    hop = next((attributes[GATEWAY] for _, attributes in _route(family, address) if GATEWAY in attributes), address)
    known = (
        attributes[LINK_LAYER] for state, attributes in _neighbours(family) if state & VALID and _is(attributes, hop)
    )
    respond({"hardware": next(known, b"").hex(":")})


def _is(attributes: dict[int, bytes], hop: bytes) -> bool:
    return attributes.get(DESTINATION) == hop and bool(attributes.get(LINK_LAYER))


def _route(family: int, address: bytes) -> Iterator[tuple[int, dict[int, bytes]]]:
    body = struct.pack(ROUTE, family, 8 * len(address), 0, 0, 0, 0, 0, 0, 0)
    body += struct.pack(ATTRIBUTE, 4 + len(address), DESTINATION) + address
    for message in _asked(GETROUTE, REQUEST, body):
        yield 0, dict(_attributes(message[struct.calcsize(ROUTE) :]))


def _neighbours(family: int) -> Iterator[tuple[int, dict[int, bytes]]]:
    for message in _asked(GETNEIGH, REQUEST | DUMP, struct.pack(NEIGHBOUR, family, 0, 0, 0, 0, 0)):
        state = struct.unpack_from(NEIGHBOUR, message)[3]
        yield state, dict(_attributes(message[struct.calcsize(NEIGHBOUR) :]))


def _asked(what: int, flags: int, body: bytes) -> Iterator[bytes]:
    """Yield the payload of each message of the kernel's answer."""
    size = struct.calcsize(HEADER)
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW) as kernel:
        kernel.send(struct.pack(HEADER, size + len(body), what, flags, 1, 0) + body)
        while True:
            data = kernel.recv(1 << 16)
            while data:
                length, kind = struct.unpack_from("=IH", data)
                if kind in (DONE, ERROR):
                    return
                yield data[size:length]
                data = data[_aligned(length) :]
            if not flags & DUMP & ~REQUEST:
                return


def _attributes(data: bytes) -> Iterator[tuple[int, bytes]]:
    while data:
        length, kind = struct.unpack_from(ATTRIBUTE, data)
        yield kind, data[4:length]
        data = data[_aligned(length) :]


def _aligned(length: int) -> int:
    return (length + 3) & ~3

"""Packets as they pass places of a lab, seen by sockets of the lab's process in their namespaces."""

import asyncio
import base64
import itertools
import socket
import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from svcproof.lab.network import Network

ETH_P_ALL = 3
SO_TIMESTAMPNS = 35
TIMESTAMP = struct.Struct("@qq")
LARGEST_PACKET = 1 << 16
LARGEST = 1 << 20
"""Bytes of packets that are kept of one capture."""


@dataclass(slots=True)
class _Capture:
    sockets: list[socket.socket] = field(default_factory=list)
    packets: list[dict[str, Any]] = field(default_factory=list)
    size: int = 0


class Captures:
    """The captures that are under way, by number."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._numbers = itertools.count(1)
        self._captures: dict[int, _Capture] = {}

    def begin(self, namespaces: Sequence[str]) -> int:
        """Begin to take the packets that come and go in these namespaces; raises OSError."""
        number, capture = next(self._numbers), _Capture()
        self._captures[number] = capture
        try:
            for place, netns in enumerate(namespaces, 1):
                capture.sockets.append(self._open(capture, place, netns))
        except OSError:
            self.end(number)
            raise
        return number

    def end(self, number: int) -> list[dict[str, Any]]:
        """End a capture and return its packets; raises KeyError where there is none of this number."""
        capture = self._captures.pop(number)
        for opened in capture.sockets:
            asyncio.get_running_loop().remove_reader(opened)
            opened.close()
        return capture.packets

    def _open(self, capture: _Capture, place: int, netns: str) -> socket.socket:
        opened = self._network.socket_in(netns, socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(ETH_P_ALL))
        opened.setblocking(False)
        opened.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        asyncio.get_running_loop().add_reader(opened, _take, opened, capture, place)
        return opened


def _take(opened: socket.socket, capture: _Capture, place: int) -> None:
    """Take one packet, and drop it where there are too many; the kernel's own time of it is in the control message."""
    data, control, _, sender = opened.recvmsg(LARGEST_PACKET, socket.CMSG_SPACE(TIMESTAMP.size))
    capture.size += len(data)
    if capture.size > LARGEST or not control:
        return
    seconds, nanoseconds = TIMESTAMP.unpack(control[0][2])
    _, protocol, direction, _, address = sender
    capture.packets.append(
        {
            "at": seconds + nanoseconds / 1e9,
            "place": place,
            "protocol": protocol,
            "direction": direction,
            "link_address": base64.b64encode(address).decode(),
            "data": base64.b64encode(data).decode(),
        }
    )

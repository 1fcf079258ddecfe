"""ARP on one link: answering for addresses that the node does not have, and telling everyone about them.

RFC 826; no address is configured, so what comes for it is the proxy's to accept. IPv6 would need neighbour discovery.
"""

import asyncio
import logging
import socket
import struct
from ipaddress import IPv4Address

PROTOCOL = 0x0806
BROADCAST = b"\xff" * 6
REQUEST, REPLY = 1, 2
FRAME = struct.Struct("!6s6sH HHBBH 6s4s6s4s")
"""Destination, source, EtherType; hardware, protocol, their lengths, operation; sender's and target's addresses."""
ETHERNET = (1, 0x0800, 6, 4)
log = logging.getLogger(__name__)


class Responder:
    """Answers ARP for `addresses` on one interface, in the network namespace that `link` was made in."""

    def __init__(self, link: socket.socket, interface: str) -> None:
        link.setblocking(False)
        link.bind((interface, PROTOCOL))
        self._link = link
        self._own: bytes = link.getsockname()[4]
        self.addresses: frozenset[str] = frozenset()

    def start(self) -> None:
        """Begin to answer."""
        asyncio.get_running_loop().add_reader(self._link, self._receive)

    def close(self) -> None:
        """Fall silent."""
        asyncio.get_running_loop().remove_reader(self._link)
        self._link.close()

    def announce(self, address: str) -> None:
        """Tell everyone on the link that the address is here, unasked.

        As a reply whose target is its sender: Linux lets only this replace an entry it has learned just now.
        """
        packed = IPv4Address(address).packed
        self._send(BROADCAST, packed, self._own, packed)

    def _receive(self) -> None:
        try:
            frame = self._link.recv(FRAME.size)
        except (BlockingIOError, InterruptedError):
            return
        if len(frame) < FRAME.size:
            return
        *_, operation, sender, sender_address, _, asked = FRAME.unpack(frame)
        if operation == REQUEST and str(IPv4Address(asked)) in self.addresses:
            self._send(sender, asked, sender, sender_address)

    def _send(self, to: bytes, address: bytes, target: bytes, target_address: bytes) -> None:
        frame = FRAME.pack(to, self._own, PROTOCOL, *ETHERNET, REPLY, self._own, address, target, target_address)
        try:
            self._link.send(frame)
        except OSError as error:
            # The link is down, as that of a node that is being stopped: nobody is there to be told.
            log.info("an ARP reply for %s was not sent: %s", IPv4Address(address), error)

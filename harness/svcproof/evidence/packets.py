"""Packets in the format that tcpdump and Wireshark read, with the link type that keeps where each was seen.

https://www.ietf.org/archive/id/draft-ietf-opsawg-pcap-05.html
https://www.tcpdump.org/linktypes/LINKTYPE_LINUX_SLL2.html
"""

import struct
from collections.abc import Iterable
from ipaddress import ip_address

from svcproof.evidence.subject import Subject
from svcproof.model.evidence import Packet

LARGEST = 1 << 20
"""Bytes of a file."""
LARGEST_PACKET = 1 << 16
SLL2 = 276
MAGIC = 0xA1B2C3D4
ETHERNET = 1
IPV4, IPV6 = 0x0800, 0x86DD
ICMP = (1, 58)
HEADER = struct.Struct("<IHHiIII")
RECORD = struct.Struct("<IIII")
COOKED = struct.Struct("!HHIHBB8s")


def as_file(packets: Iterable[Packet], largest: int = LARGEST) -> bytes:
    """A capture file with the packets in the order of their times: as many, from the first, as have room."""
    content = bytearray(HEADER.pack(MAGIC, 2, 4, 0, 0, LARGEST_PACKET, SLL2))
    for packet in sorted(packets, key=lambda packet: packet.at):
        record = _record(packet)
        if len(content) + len(record) > largest:
            break
        content += record
    return bytes(content)


def _record(packet: Packet) -> bytes:
    address = packet.link_address[:8]
    cooked = COOKED.pack(
        packet.protocol, 0, packet.place, ETHERNET, packet.direction, len(address), address.ljust(8, b"\0")
    )
    data = cooked + packet.data
    kept = data[:LARGEST_PACKET]
    return RECORD.pack(*divmod(round(packet.at * 1e6), 10**6), len(kept), len(data)) + kept


def of_subject(packets: Iterable[Packet], subject: Subject) -> tuple[Packet, ...]:
    """The packets from and to an end of these Services or of their endpoints, and ICMP errors about such ones."""
    ends = subject.ends | subject.endpoints
    return tuple(packet for packet in packets if _ends(packet.protocol, packet.data) & ends)


def _ends(protocol: int, data: bytes) -> set[tuple[str, int]]:
    """Source and destination of a packet; of an ICMP error, those of the packet that it is about."""
    try:
        if protocol == IPV4:
            header, number, source, target = (data[0] & 15) * 4, data[9], data[12:16], data[16:20]
        elif protocol == IPV6:
            header, number, source, target = 40, data[6], data[8:24], data[24:40]
        else:
            return set()
        if number in ICMP:
            return _ends(protocol, data[header + 8 :])
        ports = struct.unpack_from("!HH", data, header)
        return {(str(ip_address(address)), port) for address, port in zip((source, target), ports, strict=True)}
    except (IndexError, ValueError, struct.error):  # It is cut off, or no such packet.
        return set()

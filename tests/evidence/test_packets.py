"""Capture files, read by a reader of the format as it is described."""

import struct
from collections.abc import Iterator

from svcproof.evidence import packets
from svcproof.model.evidence import Packet

SYN = bytes.fromhex("4500003c") + bytes(56)


def read(content: bytes) -> Iterator[tuple[float, bytes, int]]:
    magic, major, minor, _, _, _, link_type = struct.unpack_from("<IHHiIII", content)
    assert (magic, major, minor, link_type) == (0xA1B2C3D4, 2, 4, 276)
    position = 24
    while position < len(content):
        seconds, micros, kept, whole = struct.unpack_from("<IIII", content, position)
        yield seconds + micros / 1e6, content[position + 16 : position + 16 + kept], whole
        position += 16 + kept


def packet(at: float, place: int, data: bytes = SYN) -> Packet:
    return Packet(at, place, 0x0800, 4, bytes.fromhex("020000000001"), data)


def test_packets_are_in_order_with_time_place_and_direction() -> None:
    (first, frame, whole), (second, _, _) = read(packets.as_file([packet(2.5, 2), packet(1.25, 1)]))

    protocol, _, place, hardware, direction, length, address = struct.unpack_from("!HHIHBB8s", frame)
    assert (first, second) == (1.25, 2.5)
    assert (protocol, place, hardware, direction, length) == (0x0800, 1, 1, 4, 6)
    assert address[:6] == bytes.fromhex("020000000001")
    assert frame[20:] == SYN
    assert whole == len(frame)


def test_a_file_has_no_more_bytes_than_it_may_and_no_half_a_packet() -> None:
    content = packets.as_file([packet(number, 1, bytes(1000)) for number in range(2000)])

    assert len(content) <= 1 << 20
    assert all(len(frame) == 1020 for _, frame, _ in read(content))

"""The packet that is sent in a frame, past every route."""

import socket
import struct

import pytest

from svcproof.agent.frames import datagram

pytestmark = pytest.mark.timeout(10)


def test_the_packet_has_the_addresses_the_port_and_a_right_checksum() -> None:
    packet = datagram("172.30.0.101", "127.0.0.1", 30080)

    words = struct.unpack("!10H", packet[:20])
    total = sum(words)
    assert (total & 0xFFFF) + (total >> 16) == 0xFFFF
    assert words[1] == len(packet)
    assert socket.inet_ntoa(packet[12:16]) == "172.30.0.101"
    assert socket.inet_ntoa(packet[16:20]) == "127.0.0.1"
    assert struct.unpack("!4H", packet[20:28])[:3] == (30080, 30080, len(packet) - 20)


def test_what_is_no_address_is_refused() -> None:
    with pytest.raises(OSError, match="illegal IP address"):
        datagram("172.30.0.101", "localhost", 30080)

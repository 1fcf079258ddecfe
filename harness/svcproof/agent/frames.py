"""Sends a UDP datagram in a frame to a hardware address, whatever its IPv4 address is; for `python3 -c`.

Its arguments are the hardware address, the addresses that the datagram is from and for, and its port. No route of the
client has a say, so that it may be for an address that only the receiver has, such as 127.0.0.1. Standard library only,
since it runs wherever an agent does. https://www.man7.org/linux/man-pages/man7/packet.7.html
"""

import socket
import struct
import sys

IPV4, UDP = 0x0800, 17
PAYLOAD = b"svcproof\n"


def main() -> None:
    """Send it over each of the client's links; raises OSError where the client may not."""
    hardware, source, destination, port = sys.argv[1:]
    packet = datagram(source, destination, int(port))
    with socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM) as sock:
        for _, link in socket.if_nameindex():
            if link != "lo":
                sock.sendto(packet, (link, IPV4, 0, 0, bytes.fromhex(hardware.replace(":", ""))))


def datagram(source: str, destination: str, port: int) -> bytes:
    """Return an IPv4 packet with a datagram; its own checksum may be left out: https://www.rfc-editor.org/rfc/rfc768."""
    udp = struct.pack("!4H", port, port, 8 + len(PAYLOAD), 0) + PAYLOAD
    addresses = socket.inet_aton(source) + socket.inet_aton(destination)
    head = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(udp), 0, 0, 64, UDP, 0)
    total = sum(struct.unpack("!10H", head + addresses))
    checksum = ~((total & 0xFFFF) + (total >> 16)) & 0xFFFF
    return head[:10] + struct.pack("!H", checksum) + addresses + udp


if __name__ == "__main__":
    main()

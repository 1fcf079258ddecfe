"""Messages to and from the kernel's connection tracking, as bytes: subsystem ctnetlink of netlink.

Their layout is that of linux/netlink.h, linux/netfilter/nfnetlink.h and linux/netfilter/nfnetlink_conntrack.h. Numbers
of the headers have the byte order of the machine, those of connection tracking that of the network.
"""

import re
import socket
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from svcproof.reference_proxy.family import Family
from svcproof.reference_proxy.flows import Flow

ERROR, DONE = 2, 3
NEW_ENTRY, GET_ENTRIES, DELETE_ENTRY = 0x100, 0x101, 0x102
REQUEST, ACKNOWLEDGE, DUMP = 0x1, 0x4, 0x300
NESTED = 0x8000
TYPE = 0x3FFF
"""The bits of an attribute's type that are not flags."""
ORIGINAL, REPLY, STATUS, ID, ZONE, FILTER = 1, 2, 3, 12, 18, 25
KEYS = (ORIGINAL, ZONE, ID)
ADDRESSES, PROTOCOL = 1, 2
SOURCES = (1, 3)
DESTINATIONS = (2, 4)
NUMBER, SOURCE_PORT, DESTINATION_PORT = 1, 2, 3
FILTER_ORIGINAL, BY_PROTOCOL = 1, 1 << 3
ASSURED = 1 << 2
HEADER = struct.Struct("=IHHII")
ATTRIBUTE = struct.Struct("=HH")
FAMILIES = {4: socket.AF_INET, 6: socket.AF_INET6}


@dataclass(frozen=True, slots=True)
class Entry:
    """A UDP flow that the kernel tracks: its kind, and the attributes that name it and no other."""

    flow: Flow
    key: bytes
    assured: bool


def listing_request(family: Family) -> bytes:
    """Ask for the UDP entries of a family; a kernel before 5.8 sends those of other protocols too."""
    udp = _attribute(PROTOCOL | NESTED, _attribute(NUMBER, bytes([socket.IPPROTO_UDP])))
    by_protocol = _attribute(FILTER_ORIGINAL, struct.pack("=I", BY_PROTOCOL))
    wanted = _attribute(ORIGINAL | NESTED, udp) + _attribute(FILTER | NESTED, by_protocol)
    return _message(GET_ENTRIES, REQUEST | DUMP, family, wanted)


def deletion_request(entry: Entry, family: Family) -> bytes:
    """Ask for one entry to be deleted, and for an answer; it is not deleted if the flow has come anew since."""
    return _message(DELETE_ENTRY, REQUEST | ACKNOWLEDGE, family, entry.key)


def messages(received: bytes) -> Iterator[tuple[int, bytes]]:
    """Split what the kernel sent into messages; yield the type of each, and what follows its header."""
    start = 0
    while start + HEADER.size <= len(received):
        length, kind, *_ = HEADER.unpack_from(received, start)
        yield kind, received[start + HEADER.size : start + length]
        start += _padded(max(length, HEADER.size))


def errno(body: bytes) -> int:
    """Read the number of the error from a message of type ERROR or DONE; 0 if there was none."""
    (negative,) = struct.unpack_from("=i", body)
    return int(-negative)


def mention(addresses: Iterable[str], family: Family) -> re.Pattern[bytes]:
    """Return a pattern found in each entry of a flow to one of these addresses, and in few others.

    To look for it takes a hundredth of the time that it takes to read an entry.
    """
    kind, format_ = DESTINATIONS[family.version == 6], FAMILIES[family.version]
    parts = {_attribute(kind, socket.inet_pton(format_, address)) for address in addresses}
    return re.compile(b"|".join(map(re.escape, sorted(parts))), re.DOTALL)


def udp_entry(body: bytes) -> Entry | None:
    """Read a message of type NEW_ENTRY; None if it tells of another protocol than UDP."""
    attributes = _attributes(body[4:])
    original, reply = _tuple(attributes[ORIGINAL]), _tuple(attributes[REPLY])
    if original.protocol != socket.IPPROTO_UDP:
        return None
    return Entry(
        Flow(original.destination, original.destination_port, reply.source, reply.source_port),
        b"".join(_attribute(kind | flags, value) for kind, flags, value in _keys(attributes)),
        bool(int.from_bytes(attributes.get(STATUS, b"")) & ASSURED),
    )


def _keys(attributes: dict[int, bytes]) -> Iterator[tuple[int, int, bytes]]:
    for kind in KEYS:
        if kind in attributes:
            yield kind, NESTED if kind == ORIGINAL else 0, attributes[kind]


@dataclass(frozen=True, slots=True)
class _Tuple:
    """The addresses and ports of the packets of one direction."""

    protocol: int
    source: str
    source_port: int
    destination: str
    destination_port: int


def _tuple(body: bytes) -> _Tuple:
    parts = _attributes(body)
    addresses, protocol = _attributes(parts[ADDRESSES]), _attributes(parts[PROTOCOL])
    return _Tuple(
        protocol[NUMBER][0],
        _address(addresses, SOURCES),
        int.from_bytes(protocol.get(SOURCE_PORT, b"")),
        _address(addresses, DESTINATIONS),
        int.from_bytes(protocol.get(DESTINATION_PORT, b"")),
    )


def _address(addresses: dict[int, bytes], kinds: tuple[int, int]) -> str:
    of_ipv4, of_ipv6 = kinds
    if of_ipv4 in addresses:
        return socket.inet_ntop(socket.AF_INET, addresses[of_ipv4])
    return socket.inet_ntop(socket.AF_INET6, addresses[of_ipv6])


def _attributes(data: bytes) -> dict[int, bytes]:
    attributes: dict[int, bytes] = {}
    start = 0
    while start + ATTRIBUTE.size <= len(data):
        length, kind = ATTRIBUTE.unpack_from(data, start)
        attributes[kind & TYPE] = data[start + ATTRIBUTE.size : start + length]
        start += _padded(max(length, ATTRIBUTE.size))
    return attributes


def _attribute(kind: int, value: bytes) -> bytes:
    length = ATTRIBUTE.size + len(value)
    return ATTRIBUTE.pack(length, kind) + value.ljust(_padded(length) - ATTRIBUTE.size, b"\0")


def _message(kind: int, flags: int, family: Family, attributes: bytes) -> bytes:
    body = struct.pack("=BBH", FAMILIES[family.version], 0, 0) + attributes
    return HEADER.pack(HEADER.size + len(body), kind, flags, 0, 0) + body


def _padded(length: int) -> int:
    """The length with what follows until the next multiple of four."""
    return (length + 3) & ~3

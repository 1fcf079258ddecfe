"""Messages of connection tracking, as bytes: those received are what a kernel (6.18, x86-64) has sent."""

import errno
import sys

import pytest

from svcproof.reference_proxy import ctnetlink
from svcproof.reference_proxy.ctnetlink import Entry
from svcproof.reference_proxy.family import IPV4, IPV6
from svcproof.reference_proxy.flows import Flow

pytestmark = [
    pytest.mark.timeout(10),
    pytest.mark.skipif(sys.byteorder != "little", reason="the recorded headers have the byte order of their machine"),
]
ORIGINAL = (
    "34000180 14000180 08000100ac1e0065 080002000a60000a1c000280 0500010011000000 0600020013890000 0600030000500000"
)
ID = "08000c001b4b2a73"
UDP = (
    f"a4000000 0001 2200 00000000 e12a0000 02000000 {ORIGINAL}"
    "34000280 14000180 080001000af40101 08000200ac1e0065"
    "1c000280 0500010011000000 060002001f900000 0600030013890000"
    f"08000300000001a8 0800080000000000 {ID} 08000b0000000001 080007000000001d"
)
TCP = """
    d4000000 0001 2200 00000000 e12a0000 02000000
    34000180 14000180 08000100ac1e0065 080002000a60000a 1c000280 0500010006000000 06000200138b0000 0600030000500000
    34000280 14000180 080001000af40101 08000200ac1e0065 1c000280 0500010006000000 060002001f900000 06000300138b0000
    08000300000001a8 0800080000000000 08000c00fb4a2b42 08000b0000000001 0800070000000077
    30000480 2c000180 0500010001000000 050002000a000000 0500030000000000 0600040003000000 0600050000000000
"""
UDP_OF_IPV6 = """
    d4000000 0001 2200 00000000 ed2a0000 0a000000
    4c000180 2c000180 14000300fd000000000000000000000000000005 14000400fd000096000000000000000000000010
    1c000280 0500010011000000 06000200138a0000 0600030000500000
    4c000280 2c000180 14000300fd000244000000000000000000000001 14000400fd000000000000000000000000000005
    1c000280 0500010011000000 060002001f900000 06000300138a0000
    08000300000001a8 0800080000000000 08000c00391ec387 08000b0000000002 080007000000001d
"""
END = "14000000 0300 0200 00000000 e12a0000 00000000"
GONE = "24000000 0200 0001 00000000 00000000 feffffff 40000000 0201 0500 00000000 00000000"
FLOW = Flow("10.96.0.10", 80, "10.244.1.1", 8080)


def received(*texts: str) -> list[tuple[int, bytes]]:
    """The messages in what the kernel has sent at once."""
    return list(ctnetlink.messages(bytes.fromhex("".join(texts))))


def test_a_listing_is_read_message_by_message() -> None:
    kinds = [kind for kind, _ in received(UDP, TCP, UDP_OF_IPV6, END)]
    assert kinds == [*3 * [ctnetlink.NEW_ENTRY], ctnetlink.DONE]


def test_an_entry_says_whereto_the_first_packet_went_and_who_answers_it() -> None:
    [(_, body)] = received(UDP)
    assert ctnetlink.udp_entry(body) == Entry(FLOW, bytes.fromhex(ORIGINAL + ID), assured=False)


def test_an_entry_of_ipv6_is_read() -> None:
    [(_, body)] = received(UDP_OF_IPV6)
    entry = ctnetlink.udp_entry(body)
    assert entry is not None
    assert entry.flow == Flow("fd00:96::10", 80, "fd00:244::1", 8080)


def test_an_entry_that_the_kernel_calls_assured_is_told_from_others() -> None:
    [(_, body)] = received(UDP.replace("08000300000001a8", "08000300000001ae"))
    entry = ctnetlink.udp_entry(body)
    assert entry is not None
    assert entry.assured


def test_an_entry_of_another_protocol_is_passed_over() -> None:
    [(_, body)] = received(TCP)
    assert ctnetlink.udp_entry(body) is None


def test_an_address_is_looked_for_where_flows_are_sent_to_alone() -> None:
    [(_, body)] = received(UDP)
    assert ctnetlink.mention(["10.96.0.11", "10.96.0.10"], IPV4).search(body)
    assert not ctnetlink.mention(["10.96.0.11", "10.244.1.1"], IPV4).search(body)
    [(_, body)] = received(UDP_OF_IPV6)
    assert ctnetlink.mention(["fd00:96:0::10"], IPV6).search(body)
    assert not ctnetlink.mention(["fd00:96::11"], IPV6).search(body)


def test_the_number_of_an_error_is_read() -> None:
    [(_, gone), (_, end)] = received(GONE, END)
    assert ctnetlink.errno(gone) == errno.ENOENT
    assert ctnetlink.errno(end) == 0


def test_udp_entries_are_asked_for_by_family() -> None:
    udp = "10000180 0c000280 0500010011000000 0c001980 0800010008000000"
    assert ctnetlink.listing_request(IPV4) == bytes.fromhex(f"30000000 0101 0103 00000000 00000000 02000000 {udp}")
    assert ctnetlink.listing_request(IPV6) == bytes.fromhex(f"30000000 0101 0103 00000000 00000000 0a000000 {udp}")


def test_an_entry_is_deleted_by_what_names_it_alone() -> None:
    entry = Entry(FLOW, bytes.fromhex(ORIGINAL + ID), assured=False)
    expected = f"50000000 0201 0500 00000000 00000000 02000000 {ORIGINAL} {ID}"
    assert ctnetlink.deletion_request(entry, IPV4) == bytes.fromhex(expected)

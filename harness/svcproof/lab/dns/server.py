"""Questions and answers on the wire: UDP and TCP on one address."""

import asyncio
import logging
import socket
import struct
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager
from itertools import groupby
from typing import cast

import dns.exception
import dns.flags
import dns.message
import dns.opcode
import dns.rcode
import dns.rrset
from dns.name import Name
from dns.rdataclass import RdataClass
from dns.rdatatype import RdataType

from svcproof.lab.dns.names import Answer
from svcproof.lab.dns.records import Record
from svcproof.lab.dns.zone import Zone

TTL = 5
"""Seconds, as CoreDNS gives its records of Services by default."""
PLAIN_UDP = 512
"""Bytes of the longest answer over UDP where the question does not offer more (RFC 1035)."""
log = logging.getLogger(__name__)


def respond(zone: Zone, question: bytes, *, longest: int | None = None) -> bytes | None:
    """Answer one message; None where it is no question at all.

    `longest` is the default limit in bytes: an answer that is longer comes truncated and without records.
    """
    try:
        query = dns.message.from_wire(question)
    except (dns.exception.DNSException, ValueError) as error:
        log.info("a message that cannot be read was dropped: %s", error)
        return None
    if query.flags & dns.flags.QR:
        return None
    response = dns.message.make_response(query, recursion_available=True)
    if query.opcode() != dns.opcode.QUERY or len(query.question) != 1:
        response.set_rcode(dns.rcode.NOTIMP)
        return response.to_wire()
    asked = query.question[0]
    try:
        _fill(response, zone.lookup(asked.name, asked.rdtype))
    except dns.exception.DNSException as error:
        log.warning("what %s is to be answered cannot be put into a message: %s", asked, error)
        response.set_rcode(dns.rcode.SERVFAIL)
    return _fitting(response, 0 if longest is None else max(longest, query.payload))


def _fitting(response: dns.message.Message, limit: int) -> bytes:
    """The answer in at most `limit` bytes (0: any number): without what is optional, then truncated (RFC 2181)."""
    try:
        return response.to_wire(max_size=limit)
    except dns.exception.TooBig:
        if not response.additional:
            response.answer.clear()
            response.flags |= dns.flags.TC
        response.additional.clear()
        return _fitting(response, limit)


def _fill(response: dns.message.Message, answer: Answer) -> None:
    response.set_rcode(answer.code)
    if answer.zone is None:
        return
    response.flags |= dns.flags.AA
    response.answer.extend(_sets(answer.records))
    response.additional.extend(_sets(answer.additional))
    if not answer.records:
        response.authority.append(_start_of_authority(answer.zone))


def _sets(records: Iterable[Record]) -> Iterator[dns.rrset.RRset]:
    """Records in sets of one name and type."""
    for (name, kind), several in groupby(records, key=lambda record: (record.name, record.type)):
        yield dns.rrset.from_text_list(name, TTL, RdataClass.IN, kind, [record.data for record in several])


def _start_of_authority(zone: Name) -> dns.rrset.RRset:
    """The record that a negative answer carries, so that it can be remembered for a while (RFC 2308)."""
    data = f"ns.dns.{zone} hostmaster.{zone} 1 7200 1800 86400 {TTL}"
    return dns.rrset.from_text(zone, TTL, RdataClass.IN, RdataType.SOA, data)


@asynccontextmanager
async def udp(zone: Zone, listener: socket.socket) -> AsyncIterator[None]:
    """Answer datagrams on a bound socket."""
    transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(lambda: _Datagrams(zone), sock=listener)
    try:
        yield
    finally:
        transport.close()


@asynccontextmanager
async def tcp(zone: Zone, listener: socket.socket) -> AsyncIterator[None]:
    """Answer questions on connections to a bound socket, any number on each."""

    async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                (length,) = struct.unpack("!H", await reader.readexactly(2))
                answer = respond(zone, await reader.readexactly(length))
                if answer is None:
                    break
                writer.write(struct.pack("!H", len(answer)) + answer)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # The client has had enough: it hung up between or within questions.
        finally:
            writer.close()

    async with await asyncio.start_server(converse, sock=listener):
        yield


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, zone: Zone) -> None:
        self._zone = zone

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        if answer := respond(self._zone, data, longest=PLAIN_UDP):
            self._transport.sendto(answer, addr)

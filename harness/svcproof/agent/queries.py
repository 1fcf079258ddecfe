"""DNS queries and answers: built and read here, carried by the agent. Pure functions."""

import base64
from dataclasses import dataclass, replace
from typing import Any

import dns.exception
import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype

from svcproof.agent.readings import Carried
from svcproof.errors import ProbeError
from svcproof.model.probe import Lookup, Outcome

PORT = 53
MALFORMED = "MALFORMED"


@dataclass(frozen=True, slots=True)
class Query:
    """A question to a DNS server, for exactly this name; over TCP where `tcp`."""

    name: str
    type: str
    server: str
    tcp: bool = False

    def __str__(self) -> str:
        return f"{self.type} {self.name} at {self.server}{' over tcp' if self.tcp else ''}"


def message(query: Query) -> dns.message.QueryMessage:
    """Build the message of a query; raises ProbeError where its name is none."""
    try:
        return dns.message.make_query(query.name, query.type, use_edns=False)
    except (dns.exception.DNSException, ValueError) as why:
        raise ProbeError(f"{query.name!r} {query.type} cannot be asked for: {why}") from why


def spec(query: Query, message: dns.message.QueryMessage, timeout: float) -> dict[str, object]:
    """Put a query as the agent takes it."""
    return {
        "protocol": "tcp" if query.tcp else "udp",
        "address": query.server,
        "port": PORT,
        "timeout": timeout,
        "payload": base64.b64encode(message.to_wire()).decode(),
    }


def lookup(vantage: str, query: Query, asked: dns.message.QueryMessage, result: Carried) -> Lookup:
    """Read one result.

    Without an answer, the code is TIMEOUT or the name of the error that came back; MALFORMED where what came is no DNS
    message, or does not answer this query.
    """
    if result.error or result.outcome is None:
        raise ProbeError(
            f"{vantage} could not ask {query.server}: {result.error or 'it does not tell what came of it'}"
        )
    question = asked.question[0]
    name, kind = question.name.to_text(), dns.rdatatype.to_text(question.rdtype)
    nothing = Lookup(
        vantage=vantage,
        server=query.server,
        name=name,
        type=kind,
        tcp=query.tcp,
        code="TIMEOUT",
        seconds=round(result.seconds, 5),
    )
    if result.outcome in {Outcome.REFUSED, Outcome.DROPPED, Outcome.TORN_DOWN}:
        return replace(nothing, code=result.errno or nothing.code)
    try:
        answer = dns.message.from_wire(base64.b64decode(result.answer or "", validate=True))
        return replace(nothing, **_read(answer)) if asked.is_response(answer) else replace(nothing, code=MALFORMED)
    except Exception:  # dnspython names no set of errors that any bytes at all may raise
        return replace(nothing, code=MALFORMED)


def _read(message: dns.message.Message) -> dict[str, Any]:
    """The parts of a Lookup that are the message's."""
    chain = tuple(
        (rrset.name.to_text(), dns.rdatatype.to_text(rrset.rdtype), data.to_text())
        for rrset in message.answer
        for data in rrset
    )
    return {
        "code": dns.rcode.to_text(message.rcode()),
        "records": frozenset(data for _, _, data in chain),
        "types": frozenset(kind for _, kind, _ in chain),
        "chain": chain,
        "ttl": min((rrset.ttl for rrset in message.answer), default=None),
        "truncated": bool(message.flags & dns.flags.TC),
        "authoritative": bool(message.flags & dns.flags.AA),
    }

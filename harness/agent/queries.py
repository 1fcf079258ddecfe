"""DNS queries and answers: built and read here, carried by the agent. Pure functions."""

import base64
import binascii
from dataclasses import replace

import dns.exception
import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype

from harness.agent.readings import Result
from harness.errors import ProbeError
from harness.model.dns import Lookup

PORT = 53


def query(name: str, kind: str) -> dns.message.QueryMessage:
    """Build the query for a name as it is, relative to the root; raises ProbeError where it is no name."""
    try:
        return dns.message.make_query(name, kind, use_edns=False)
    except (dns.exception.DNSException, ValueError) as why:
        raise ProbeError(f"{name!r} {kind} cannot be asked for: {why}") from why


def spec(query: dns.message.QueryMessage, server: str, tcp: bool, timeout: float) -> dict[str, object]:
    """Put a query as the agent takes it."""
    return {
        "protocol": "tcp" if tcp else "udp",
        "address": server,
        "port": PORT,
        "timeout": timeout,
        "payload": base64.b64encode(query.to_wire()).decode(),
    }


def lookup(vantage: str, server: str, query: dns.message.QueryMessage, result: Result) -> Lookup:
    """Read one result.

    Without an answer, the code is TIMEOUT or the name of the error that came back; MALFORMED for an answer that is
    no DNS message.
    """
    if "error" in result:
        raise ProbeError(f"{vantage} could not ask {server}: {result['error']}")
    question = query.question[0]
    name, kind = question.name.to_text(), dns.rdatatype.to_text(question.rdtype)
    nothing = Lookup(vantage=vantage, server=server, name=name, type=kind, code="TIMEOUT", seconds=result["seconds"])
    if "answer" not in result:
        return replace(nothing, code=result.get("errno") or nothing.code)
    try:
        message = dns.message.from_wire(base64.b64decode(result["answer"]), ignore_trailing=True)
    except (dns.exception.DNSException, binascii.Error):
        return replace(nothing, code="MALFORMED")
    chain = tuple(
        (rrset.name.to_text(), dns.rdatatype.to_text(rrset.rdtype), data.to_text())
        for rrset in message.answer
        for data in rrset
    )
    return replace(
        nothing,
        code=dns.rcode.to_text(message.rcode()),
        records=frozenset(data for _, _, data in chain),
        types=frozenset(kind for _, kind, _ in chain),
        chain=chain,
        ttl=min((rrset.ttl for rrset in message.answer), default=None),
        truncated=bool(message.flags & dns.flags.TC),
        authoritative=bool(message.flags & dns.flags.AA),
    )

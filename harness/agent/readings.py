"""Reading what agents answer: JSON in, values of the model out. Pure functions."""

import base64
import binascii
from collections.abc import Mapping, Sequence
from typing import Any

import dns.exception
import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype

from harness.errors import ProbeError
from harness.model.dns import Lookup
from harness.model.probe import Answer, Observation, Outcome, Probe, Protocol, Seen, Target

Result = Mapping[str, Any]


def probe_spec(probe: Probe) -> dict[str, object]:
    """Put a probe as the agent takes it."""
    return {
        "protocol": probe.target.protocol,
        "address": probe.target.address,
        "port": probe.target.port,
        "timeout": probe.timeout,
        "source_port": probe.source_port or 0,
        "size": probe.size,
    }


def seen(vantage: str, targets: Sequence[Target], results: Sequence[Result]) -> Seen:
    """Read the results of one batch; raises ProbeError where a probe could not be made."""
    return Seen(tuple(observation(vantage, *pair) for pair in zip(targets, results, strict=True)))


def observation(vantage: str, target: Target, result: Result) -> Observation:
    """Read one result; raises ProbeError where the probe could not be made."""
    if "error" in result:
        raise ProbeError(f"{vantage} could not probe {target}: {result['error']}")
    answer = result.get("answer")
    return Observation(
        vantage=vantage,
        target=target,
        outcome=Outcome(result["outcome"]),
        seconds=result["seconds"],
        answer=_answer(answer) if answer else None,
        errno=result.get("errno"),
    )


def _answer(said: Result) -> Answer:
    return Answer(
        pod=said["pod"],
        node=said["node"],
        namespace=said["namespace"],
        port=said["port"],
        protocol=Protocol(said["protocol"]),
        source=said["source"],
        source_port=said["source_port"],
    )


def lookup(vantage: str, server: str, query: dns.message.QueryMessage, result: Result) -> Lookup:
    """Read one DNS result. Without an answer the code is TIMEOUT, or the name of the error that came back."""
    if "error" in result:
        raise ProbeError(f"{vantage} could not ask {server}: {result['error']}")
    question = query.question[0]
    name, kind = question.name.to_text(), dns.rdatatype.to_text(question.rdtype)
    if "answer" not in result:
        code = result.get("errno") or "TIMEOUT"
        return Lookup(vantage=vantage, server=server, name=name, type=kind, code=code, seconds=result["seconds"])
    try:
        message = dns.message.from_wire(base64.b64decode(result["answer"]), ignore_trailing=True)
    except (dns.exception.DNSException, binascii.Error) as why:
        raise ProbeError(f"{vantage} asked {server} for {name} {kind}; the answer cannot be read: {why}") from why
    chain = tuple(
        (rrset.name.to_text(), dns.rdatatype.to_text(rrset.rdtype), data.to_text())
        for rrset in message.answer
        for data in rrset
    )
    return Lookup(
        vantage=vantage,
        server=server,
        name=name,
        type=kind,
        code=dns.rcode.to_text(message.rcode()),
        records=frozenset(data for _, _, data in chain),
        types=frozenset(kind for _, kind, _ in chain),
        chain=chain,
        ttl=min((rrset.ttl for rrset in message.answer), default=None),
        truncated=bool(message.flags & dns.flags.TC),
        authoritative=bool(message.flags & dns.flags.AA),
        seconds=result["seconds"],
    )

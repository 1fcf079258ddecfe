"""The output of `conntrack -L`, cut to the flows of a Service."""

import re

from svcproof.evidence.subject import Subject

WAY = re.compile(r"src=(\S+) dst=(\S+) sport=(\d+) dport=(\d+)")


def of_subject(text: str, subject: Subject) -> tuple[str, ...]:
    """The entries of flows that went to an end of these Services, or from one of their clients to an endpoint itself.

    An entry by which another Service's client reached the same endpoint is not among them.
    """
    return tuple(line for line in text.splitlines() if _concerns(line, subject))


def _concerns(line: str, subject: Subject) -> bool:
    original = WAY.search(line)
    if original is None:
        return False
    end = (original[2], int(original[4]))
    from_client = original[1] in subject.clients | subject.nodes
    return end in subject.ends or (end in subject.endpoints and from_client)

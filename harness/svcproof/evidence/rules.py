"""Rules of a node's data path, cut to a Service: what mentions it, what that leads to, and what leads there."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from svcproof.evidence.subject import Subject, mention_of_addresses, mention_of_names, mention_of_ports

ANY_NAME = re.compile(r"(?<![\w./])([a-z0-9][a-z0-9-]*/[a-z][a-z0-9-]*)(?=[:/ \"]|$)")
"""A `namespace/name` as chains and comments of proxies have it."""
UID = re.compile(r"[a-z]+-[A-Z0-9]{8}-")
"""The beginning of kube-proxy's names in nftables, before `namespace/name`."""
ROLE = re.compile(r"(?<![\w/])[a-z-]+/(?=[a-z0-9-]+/[a-z0-9-]+/(?:tcp|udp|sctp)\b)")
"""The beginning of the reference proxy's names of chains."""

Place = tuple[str, str]
"""A table and the name of a chain, a set or a map in it."""


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A rule of a chain, or an element of a set.

    `jumps` are the chains in which it may go on, `sets` the sets and maps that it looks into.
    """

    place: Place
    kind: str
    text: str
    jumps: frozenset[Place] = frozenset()
    sets: frozenset[Place] = frozenset()

    def __str__(self) -> str:
        table, name = self.place
        return " ".join(filter(None, (table, self.kind, f"{name}:", self.text)))


def of_subject(lines: Sequence[RuleLine], subject: Subject) -> tuple[RuleLine, ...]:
    """The lines that concern these Services, in their order.

    These are the lines that mention a Service or one of its endpoints, the chains that those lead to, and the lines
    by which packets get to them; none that is about another Service alone.
    """
    own = set(mentions(lines, subject))
    concerned = own | _reached(lines, own) | _leading(lines, own)
    return tuple(line for line in lines if line in concerned)


def mentions(lines: Sequence[RuleLine], subject: Subject) -> tuple[RuleLine, ...]:
    """The lines that mention one of these Services or their endpoints."""
    return tuple(line for line in lines if _mentions(line, subject))


def _reached(lines: Sequence[RuleLine], own: Iterable[RuleLine]) -> set[RuleLine]:
    """The lines of all chains that these lead to."""
    reached: set[RuleLine] = set()
    frontier = {place for line in own for place in line.jumps}
    done: set[Place] = set()
    while frontier:
        entered = {line for line in lines if line.place in frontier}
        reached |= entered
        done |= frontier
        frontier = {place for line in entered for place in line.jumps} - done
    return reached


def _leading(lines: Sequence[RuleLine], own: Iterable[RuleLine]) -> set[RuleLine]:
    """The lines by which packets come to the places of these."""
    leading: set[RuleLine] = set()
    frontier = {line.place for line in own}
    done: set[Place] = set()
    while frontier:
        entering = {line for line in lines if (line.jumps | line.sets) & frontier and not _names(line)}
        leading |= entering
        done |= frontier
        frontier = {line.place for line in entering} - done
    return leading


def _mentions(line: RuleLine, subject: Subject) -> bool:
    text = f"{UID.sub('', line.place[1])} {UID.sub('', line.text)}"
    if (pattern := mention_of_names(subject.names)) and pattern.search(text):
        return True
    if _names(line) - subject.names:
        return False
    own = mention_of_addresses(subject.addresses | subject.endpoint_addresses - subject.nodes)
    ports = mention_of_ports(subject.node_ports)
    return bool((own and own.search(text)) or (ports and ports.search(text)))


def _names(line: RuleLine) -> set[str]:
    """The Services, as `namespace/name`, that a line or its chain names."""
    return {name for part in (line.place[1], line.text) for name in ANY_NAME.findall(_without_roles(part))}


def _without_roles(text: str) -> str:
    """The text without what stands before names of Services in names of chains: `service-2QRHZV4L-`, `cluster-ip/`."""
    return ROLE.sub(" ", UID.sub("", text))

"""The rules of one node at one moment, as its programs list them, and their difference to another moment."""

import difflib
from collections.abc import Callable, Iterator, Mapping, Sequence

from svcproof.evidence import iptables, ipvs, nftables
from svcproof.evidence.rules import RuleLine, mentions, of_subject
from svcproof.evidence.subject import Subject
from svcproof.evidence.times import clock, stamp
from svcproof.model.evidence import RuleDump

MANAGED_BY_IPTABLES = frozenset({"filter", "nat", "mangle", "raw", "security"})


def text(dump: RuleDump) -> str:
    """The whole dump."""
    head = f"# the rules of {dump.node} at {stamp(dump.at)}\n"
    return head + "".join(f"\n# {program}\n{printed.rstrip()}\n" for program, printed in dump.texts.items())


def rules_of(dump: RuleDump, subject: Subject) -> tuple[str, ...]:
    """The lines of a dump that concern these Services."""
    return tuple(str(line) for line in of_subject(tuple(_parsed(dump)), subject))


def mentions_of(dump: RuleDump, subject: Subject) -> tuple[str, ...]:
    """Those of them that mention a Service or an endpoint, without the way there."""
    return tuple(str(line) for line in mentions(tuple(_parsed(dump)), subject))


def _every(dump: RuleDump) -> set[str]:
    return {str(line) for line in _parsed(dump)}


def _parsed(dump: RuleDump) -> Iterator[RuleLine]:
    by_iptables = any(dump.texts.get(program) for program in ("iptables-save", "ip6tables-save"))
    for program, printed in dump.texts.items():
        for line in PARSERS[program](printed) if program in PARSERS else ():
            table = line.place[0].rpartition(" ")[2]
            if not (program == "nft" and by_iptables and table in MANAGED_BY_IPTABLES):
                yield line


PARSERS: Mapping[str, Callable[[str], Iterator[RuleLine]]] = {
    "nft": nftables.parsed,
    "iptables-save": iptables.parsed,
    "ip6tables-save": lambda text: iptables.parsed(text, "ip6tables"),
    "ipvsadm": ipvs.parsed,
}


def difference(before: RuleDump, after: RuleDump, subject: Subject) -> tuple[str, ...]:
    """The rules of these Services that went (`-`) and came (`+`), under a line for either dump; empty if none did.

    A rule that stands in another place of its chain is not among them: proxies write theirs in any order.
    """
    gone, come = _every(before) - _every(after), _every(after) - _every(before)
    changes = [
        line
        for line in difflib.ndiff(rules_of(before, subject), rules_of(after, subject))
        if (line.startswith("- ") and line[2:] in gone) or (line.startswith("+ ") and line[2:] in come)
    ]
    head = (f"--- {before.node} at {clock(before.at)}", f"+++ {after.node} at {clock(after.at)}")
    return (*head, *changes) if changes else ()


def before_change(dumps: Sequence[RuleDump], change: float) -> RuleDump | None:
    """The last of these dumps, the oldest first, that is older than a change; None where there is none."""
    return next((dump for dump in reversed(dumps) if dump.at <= change), None)

"""The output of `iptables-save` and `ip6tables-save`, read line by line."""

import re
from collections.abc import Iterator

from svcproof.evidence.rules import RuleLine

RULE = re.compile(r"^(?:\[\d+:\d+\] )?-A (\S+) ?(.*)$")
JUMP = re.compile(r"(?<=\s)(?:-j|-g|--jump|--goto) (\S+)")


def parsed(text: str, program: str = "iptables") -> Iterator[RuleLine]:
    """Yield each rule; `program` begins the names of tables."""
    table = ""
    for line in text.splitlines():
        if line.startswith("*"):
            table = f"{program} {line[1:].strip()}"
        elif match := RULE.match(line):
            jumps = frozenset((table, chain) for chain in JUMP.findall(f" {match[2]}"))
            yield RuleLine((table, match[1]), "", match[2], jumps)

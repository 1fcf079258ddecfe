"""The output of `nft list ruleset`, read line by line: https://wiki.nftables.org/wiki-nftables/index.php/Quick_reference."""

import re
from collections.abc import Iterator

from svcproof.evidence.rules import RuleLine

TABLE = re.compile(r"^table (\S+ \S+) \{$")
OBJECT = re.compile(r"^(chain|map|set) (\S+) \{$")
ELEMENT = re.compile(r'(?:[^,"{]|"[^"]*"|\{[^}]*\})+')
JUMP = re.compile(r"\b(?:goto|jump) ([^\s,;}]+)")
SET = re.compile(r"@([^\s,;}]+)")
CHANGING = re.compile(r" expires [0-9a-z]+|(?<=counter) packets \d+ bytes \d+")
"""Parts of rules that packets change, not the proxy."""


def parsed(text: str) -> Iterator[RuleLine]:
    """Yield each rule and each element of a set, but those of tables that iptables manages: iptables-save has them."""
    table = kind = name = ""
    for statement in _statements(text):
        if match := TABLE.match(statement):
            table, kind, name = match[1], "", ""
        elif match := OBJECT.match(statement):
            kind, name = match[1], match[2]
        elif statement == "}":
            table, kind, name = (table, "", "") if kind else ("", "", "")
        elif kind and statement.startswith("elements = {"):
            yield from _elements(table, kind, name, statement)
        elif kind == "chain":
            yield _line(table, kind, name, statement)


def _statements(text: str) -> Iterator[str]:
    """Yield statements without indentation; what is in braces within one is on the same line."""
    statement = ""
    for line in text.splitlines():
        statement = f"{statement} {line.strip()}".strip()
        if statement and (_balanced(statement) or TABLE.match(statement) or OBJECT.match(statement)):
            yield statement
            statement = ""
    if statement:
        yield statement


def _balanced(statement: str) -> bool:
    return statement == "}" or statement.count("{") == statement.count("}")


def _elements(table: str, kind: str, name: str, statement: str) -> Iterator[RuleLine]:
    content = statement.removeprefix("elements = {").rstrip().removesuffix("}")
    elements = sorted(element.strip() for element in ELEMENT.findall(content) if element.strip())
    yield from (_line(table, kind, name, element) for element in elements)


def _line(table: str, kind: str, name: str, text: str) -> RuleLine:
    return RuleLine(
        (table, name),
        kind,
        " ".join(CHANGING.sub("", text).split()),
        frozenset((table, chain) for chain in JUMP.findall(text)),
        frozenset((table, used) for used in SET.findall(text)),
    )

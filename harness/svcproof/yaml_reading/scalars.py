"""Scalars as values: text, numbers, true and false, and nothing.

As YAML 1.1 has them, which is how kubectl and Helm read files, but that dates and numbers to the base 60 are text.
https://yaml.org/type/
"""

import math
import re
from typing import Any

import yaml

from svcproof.printable import quoted
from svcproof.yaml_reading.nodes import Node

CORE = "tag:yaml.org,2002:"
MERGE = f"{CORE}merge"
DECIMAL = re.compile(r"[-+]?(0|[1-9][0-9]*)")
DIGITS = 40
"""No number is written with more characters."""
WORDS = {"yes": True, "no": False, "true": True, "false": False, "on": True, "off": False}
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
"""Characters that no text of a declaration may have; tabs and ends of lines are allowed."""
RESOLVER, DATES = yaml.resolver.Resolver(), yaml.constructor.SafeConstructor()


class NotRead(Exception):
    """A scalar that is not read; says why."""


def tag_of(node: Node) -> str:
    """The tag of a scalar: as it is written, or as its text implies."""
    if node.tag is not None:
        return f"{CORE}str" if node.tag == "!" else node.tag
    return str(RESOLVER.resolve(yaml.ScalarNode, node.text, node.implicit))  # type: ignore[no-untyped-call]


def no_such_tag(node: Node) -> str:
    """The sentence about a tag that is not read."""
    return f"the tag {quoted((node.tag or '').replace(CORE, '!!'), bare=True)} is not read here"


def value_of(node: Node, strict: bool) -> Any:
    """The value of a scalar; raises NotRead."""
    text = node.text or ""
    tag = tag_of(node).removeprefix(CORE)
    if tag in {"str", "value", "merge"}:
        if strict and (bad := CONTROL.search(text)):
            raise NotRead(f"{quoted(text)} holds the character U+{ord(bad[0]):04X}, which no value here can have")
        return text
    if tag == "timestamp":
        _check_date(yaml.ScalarNode(tag, text))
        return text
    if tag == "null":
        return None
    if tag == "bool" and text.lower() in WORDS:
        return WORDS[text.lower()]
    if tag in {"int", "float"}:
        return text if ":" in text else _number(tag, text, strict)
    raise NotRead(no_such_tag(node))


def key_of(node: Node, strict: bool) -> str:
    """A scalar as a key, which in JSON is text; raises NotRead."""
    value = value_of(node, strict)
    if value is None:
        raise NotRead("a key must be a word")
    if isinstance(value, str):
        return value
    if strict:
        kind = "true or false" if isinstance(value, bool) else "a number"
        raise NotRead(f"a key must be a word: {quoted(node.text)} is {kind} to YAML; quote it")
    return str(value).lower() if isinstance(value, bool) else str(value)


def _number(tag: str, text: str, strict: bool) -> int | float:
    if len(text) > DIGITS:
        raise NotRead(f"{quoted(text, bare=True)} is a number of {len(text)} characters: too long for a number")
    digits = text.replace("_", "").lower()
    try:
        value = _integer(digits) if tag == "int" else float(digits.replace(".inf", "inf").replace(".nan", "nan"))
    except ValueError:
        raise NotRead(f"{quoted(text)} is no number") from None
    if strict and ("_" in text or (tag == "int" and not DECIMAL.fullmatch(text))):
        raise NotRead(f"{quoted(text, bare=True)} is not read the same by all: write it in decimal digits, or quote it")
    if isinstance(value, float) and not math.isfinite(value):
        raise NotRead(f"{quoted(text, bare=True)} is not a finite number")
    if isinstance(value, int) and not -(1 << 63) <= value < 1 << 64:
        raise NotRead(f"{quoted(text, bare=True)} is a number of more than 64 bits")
    return value


def _integer(digits: str) -> int:
    sign, digits = (-1 if digits.startswith("-") else 1), digits.lstrip("+-")
    for prefix, base in (("0b", 2), ("0x", 16), ("0o", 8), ("0", 8)):
        if digits.startswith(prefix) and digits != "0":
            return sign * int(digits.removeprefix(prefix), base)
    return sign * int(digits)


def _check_date(node: yaml.ScalarNode) -> None:
    try:
        DATES.construct_yaml_timestamp(node)
    except ValueError as error:
        shown = quoted(node.value, bare=True)
        raise NotRead(f"{shown} looks like a date, and there is none: {error}; quote it") from error

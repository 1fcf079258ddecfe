"""The base of declared values, and the kinds of text in them, each with the sentence that refuses any other text."""

import re
from collections.abc import Callable
from ipaddress import ip_address
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

LABEL = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?")
ARGUMENT = 1 << 16
"""Bytes of one word of a command; Linux takes twice as many, in which placeholders have room."""
DOMAIN = 120
"""Characters of a DNS domain: the names of Services in it, with a port before them, end at 253."""
PATTERN = set("*?[]{}^$|\\")


class Declared(BaseModel):
    """Base of every declared value: frozen, keys in camelCase as Kubernetes has them, unknown keys refused."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        alias_generator=to_camel,
        populate_by_name=True,
        allow_inf_nan=False,
        use_attribute_docstrings=True,
    )


def word(text: str) -> str:
    """A word of a command."""
    if not text.strip():
        raise ValueError("is empty or blank: leave the word out")
    return value(text)


def value(text: str) -> str:
    """The value of a variable."""
    if "\0" in text:
        raise ValueError("holds a NUL, which ends a text for every program")
    if len(text.encode()) > ARGUMENT:
        raise ValueError(f"is longer than {ARGUMENT:,} bytes, which no program can be given")
    return text


def variable(text: str) -> str:
    """The name of an environment variable."""
    if not text or "=" in text or not text.isprintable() or " " in text:
        raise ValueError("is no name of a variable: it must not be empty, nor hold = or a space")
    return text


def line(text: str) -> str:
    """A few words on one line."""
    if not text.isprintable():
        raise ValueError("must be one line of printable characters")
    if len(text) > 1000:
        raise ValueError("is longer than 1,000 characters")
    return text


def told(text: str) -> str:
    """A few words on one line, at least one."""
    if not text.strip():
        raise ValueError("is empty")
    return line(text)


def filled(text: str) -> str:
    """A few words that somebody has to fill in."""
    if not text.strip():
        raise ValueError("to be filled in: the file counts for nothing before that")
    return line(text)


def filled_url(text: str) -> str:
    """An address of the web that somebody has to fill in."""
    return address(filled(text), ("http", "https"))


def snapshot(text: str) -> str:
    """A version that stays what it is."""
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._+:@/~-]{0,199}", text) or not any(map(str.isdigit, text)):
        raise ValueError("is no version that stays what it is: name a release or a commit, not a branch")
    return text


def domain(text: str) -> str:
    """A DNS domain that Services have names in."""
    labels = text.split(".")
    if not all(LABEL.fullmatch(label) for label in labels):
        raise ValueError("is no DNS domain: labels of a-z, 0-9 and - between dots, none of them empty")
    if max(map(len, labels)) > 63:
        raise ValueError("has a label of more than 63 characters, which DNS does not allow")
    if len(text) > DOMAIN:
        raise ValueError(f"is longer than {DOMAIN} characters: names of Services in it would not fit into DNS's 253")
    return text


def image(text: str) -> str:
    """A reference to an image, or nothing."""
    if text and not re.fullmatch(r"[A-Za-z0-9\[][A-Za-z0-9._:/@\[\]-]*[A-Za-z0-9]", text):
        raise ValueError("is no reference to an image such as registry.example/name:tag")
    return text


def url(text: str) -> str:
    """An address of the web, or nothing."""
    return address(text, ("http", "https")) if text else text


def source(text: str) -> str:
    """The source of charts, or nothing."""
    return address(text, ("http", "https", "oci")) if text else text


def address(text: str, schemes: tuple[str, ...]) -> str:
    """A URL of one of these schemes, without a password in it."""
    if not text.isascii() or not text.isprintable() or " " in text or len(text) > 2000:
        raise ValueError("is no URL: it holds a space or another character that must be escaped, or is too long")
    try:
        parts = urlsplit(text)
        sound = parts.scheme in schemes and _is_host(parts.hostname or "") and parts.port != 0
    except ValueError:
        sound = False
    if not sound:
        raise ValueError(f"is no URL such as {schemes[0]}://example.org/")
    if parts.username is not None or parts.password is not None:
        raise ValueError("holds a user or a password, which results would show")
    return text


def object_name(text: str) -> str:
    """The name of a Kubernetes object."""
    if len(text) > 253 or not all(LABEL.fullmatch(label) for label in text.split(".")):
        raise ValueError("is no name of an object: a-z, 0-9, - and . are in one, of no more than 253 characters")
    return text


def option(text: str) -> str:
    """The argument of an option of a program, or nothing."""
    if text.startswith("-") or not text.isprintable() or " " in text or len(text) > 1000:
        raise ValueError("is no single word, or begins with -, which a program would take for an option")
    return text


def behaviour(text: str) -> str:
    """The id of one behaviour."""
    if PATTERN & set(text):
        raise ValueError("is a pattern: name each behaviour, since a pattern hides what comes later")
    if not re.fullmatch(r"[a-z0-9_]{1,200}", text):
        raise ValueError("is no behaviour's id, which svcproof list prints")
    return text


def problem(check: Callable[[str], str], text: str) -> str:
    """The objection of `check` to a text; empty if there is none."""
    try:
        check(text)
    except ValueError as error:
        return str(error)
    return ""


def _is_host(host: str) -> bool:
    try:
        return bool(ip_address(host))
    except ValueError:
        labels = host.lower().removesuffix(".").split(".")
        return len(host) <= 253 and all(len(label) <= 63 and LABEL.fullmatch(label) for label in labels)


Word = Annotated[str, AfterValidator(word)]
Value = Annotated[str, AfterValidator(value)]
Variable = Annotated[str, AfterValidator(variable)]
Line = Annotated[str, AfterValidator(line)]
Told = Annotated[str, AfterValidator(told)]
Domain = Annotated[str, AfterValidator(domain)]
NotEmpty = Annotated[str, Field(min_length=1)]
Image = Annotated[str, AfterValidator(image)]
NamedImage = Annotated[NotEmpty, AfterValidator(image)]
Url = Annotated[str, AfterValidator(url)]
Source = Annotated[str, AfterValidator(source)]
Option = Annotated[str, AfterValidator(option)]
BehaviourId = Annotated[str, AfterValidator(behaviour)]

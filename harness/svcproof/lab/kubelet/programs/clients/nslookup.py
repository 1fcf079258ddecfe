#!/usr/bin/env python3
"""nslookup, as images of small systems have it: `nslookup [-type=TYPE] [-port=PORT] [-timeout=SECONDS] NAME [SERVER]`.

A file of the standard library only, which containers see by itself.
"""

import ipaddress
import secrets
import socket
import struct
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

RESOLV_CONF = Path("/etc/resolv.conf")
TYPES = {"A": 1, "NS": 2, "CNAME": 5, "SOA": 6, "PTR": 12, "MX": 15, "TXT": 16, "AAAA": 28, "SRV": 33, "ANY": 255}
CODES = {1: "FORMERR", 2: "SERVFAIL", 3: "NXDOMAIN", 4: "NOTIMP", 5: "REFUSED"}
USAGE = "usage: nslookup [-type=TYPE] [-port=PORT] [-timeout=SECONDS] [-retry=TIMES] NAME [SERVER]\n"
OPTIONS = {**dict.fromkeys(("type", "query", "querytype", "q"), "type"), "port": "port", "timeout": "timeout"}
OPTIONS |= {"retry": "retry", "debug": "", "nodebug": "", "recurse": ""}
EDNS = b"\0" + struct.pack("!HHIH", 41, 4096, 0, 0)
"""That answers of this size may come by UDP. https://www.rfc-editor.org/rfc/rfc6891."""
TRUNCATED = 0x0200


@dataclass(frozen=True)
class Question:
    """All that the command line says; `kinds` are the types of records asked for."""

    name: str
    server: str
    kinds: tuple[str, ...] = ("A", "AAAA")
    port: int = 53
    timeout: float = 5.0
    retry: int = 2


@dataclass(frozen=True)
class Message:
    """An answer: its code, and its records as lines of text."""

    code: int
    lines: tuple[str, ...]


def main() -> int:
    """Show the server asked and what it answers; returns 1 where it has no answer, or gives none."""
    configuration = [line.split() for line in RESOLV_CONF.read_text().splitlines()] if RESOLV_CONF.exists() else []
    try:
        question = parse(sys.argv[1:], configuration)
    except ValueError as error:
        sys.stderr.write(f"nslookup: {error}\n{USAGE}")
        return 1
    try:
        address = socket.getaddrinfo(question.server, question.port, type=socket.SOCK_DGRAM)[0][4][0]
    except socket.gaierror as error:
        sys.stderr.write(f"nslookup: can't resolve '{question.server}': {error.strerror}\n")
        return 1
    question = replace(question, server=str(address))
    sys.stdout.write(f"Server:\t\t{address}\nAddress:\t{address}:{question.port}\n\n")
    try:
        return show(question, [words for words in configuration if words])
    except (OSError, ValueError, IndexError, struct.error):
        sys.stdout.write(";; connection timed out; no servers could be reached\n\n")
        return 1


def parse(words: list[str], configuration: list[list[str]]) -> Question:
    """Read the command line; raises ValueError for what is wrong with it."""
    values, names = dict[str, str](), list[str]()
    for word in words:
        if not word.startswith("-"):
            names.append(word)
            continue
        key, _, value = word.lstrip("-").partition("=")
        if key.lower() not in OPTIONS:
            raise ValueError(f"unknown option: {word}")
        values[OPTIONS[key.lower()]] = value
    if not 1 <= len(names) <= 2:
        raise ValueError("a name is needed, and one server at most")
    servers = [line[1] for line in configuration if line[:1] == ["nameserver"] and len(line) > 1]
    kind = values.get("type", "").upper()
    if kind and kind not in TYPES:
        raise ValueError(f"unknown query type: {kind}")
    return Question(
        name=names[0],
        server=names[1] if len(names) == 2 else (*servers, "127.0.0.1")[0],
        kinds=(kind,) if kind else ("A", "AAAA"),
        port=int(values.get("port") or 53),
        timeout=float(values.get("timeout") or 5),
        retry=int(values.get("retry") or 2),
    )


def show(question: Question, configuration: list[list[str]]) -> int:
    """Ask for the name, in the domains that are searched, until there is an answer; returns the exit code."""
    code = 0
    for name in candidates(question.name, configuration):
        kinds = ("PTR",) if name.endswith(".arpa.") and question.kinds == ("A", "AAAA") else question.kinds
        messages = [ask(question, name, kind) for kind in kinds]
        lines = list(dict.fromkeys(line for message in messages for line in message.lines))
        if lines:
            sys.stdout.write("\n".join(lines) + "\n\n")
            return 0
        code = max(code, *(message.code for message in messages))
    if code:
        sys.stdout.write(f"** server can't find {question.name}: {CODES.get(code, code)}\n\n")
    else:
        sys.stdout.write(f"*** Can't find {question.name}: No answer\n\n")
    return 1


def candidates(name: str, configuration: list[list[str]]) -> Iterator[str]:
    """Yield the whole names to ask for, as resolv.conf(5) has them tried; for an address, that of its pointer."""
    try:
        yield f"{ipaddress.ip_address(name).reverse_pointer}."
        return
    except ValueError:
        pass
    if name.endswith("."):
        yield name
        return
    domains = next((line[1:] for line in reversed(configuration) if line[0] == "search"), [])
    options = [word for line in configuration if line[0] == "options" for word in line[1:]]
    dots = next((int(word[6:]) for word in options if word.startswith("ndots:")), 1)
    searched = [f"{name}.{domain.rstrip('.')}." for domain in domains]
    yield from (f"{name}.", *searched) if name.count(".") >= dots else (*searched, f"{name}.")


def ask(question: Question, name: str, kind: str) -> Message:
    """Ask for the records of one type; raises OSError where no answer comes."""
    number = secrets.token_bytes(2)
    query = (
        number + struct.pack("!HHHHH", 0x0100, 1, 0, 0, 1) + encoded(name) + struct.pack("!HH", TYPES[kind], 1) + EDNS
    )
    family = socket.AF_INET6 if ":" in question.server else socket.AF_INET
    for _ in range(max(question.retry, 1)):
        with socket.socket(family, socket.SOCK_DGRAM) as channel:
            channel.settimeout(question.timeout)
            channel.connect((question.server, question.port))
            try:
                channel.send(query)
                answer = channel.recv(65535)
                while answer[:2] != number:
                    answer = channel.recv(65535)
            except TimeoutError:
                continue
        if struct.unpack_from("!H", answer, 2)[0] & TRUNCATED:
            answer = over_tcp(question, query)
        return decoded(answer)
    raise TimeoutError


def over_tcp(question: Question, query: bytes) -> bytes:
    """Ask again for an answer that was too long for a datagram."""
    with socket.create_connection((question.server, question.port), question.timeout) as channel:
        channel.sendall(struct.pack("!H", len(query)) + query)
        with channel.makefile("rb") as stream:
            return stream.read(struct.unpack("!H", stream.read(2))[0])


def encoded(name: str) -> bytes:
    """The name in a query; raises ValueError for a label that is too long or empty."""
    labels = [label.encode("idna") if not label.isascii() else label.encode() for label in name.split(".")[:-1]]
    if not all(0 < len(label) < 64 for label in labels):
        raise ValueError(name)
    return b"".join(bytes([len(label)]) + label for label in labels) + b"\0"


def decoded(data: bytes) -> Message:
    """Read an answer."""
    flags, questions, answers = struct.unpack_from("!HHH", data, 2)
    at = 12
    for _ in range(questions):
        at = name_at(data, at)[1] + 4
    lines = []
    for _ in range(answers):
        owner, at = name_at(data, at)
        kind, _, _, length = struct.unpack_from("!HHIH", data, at)
        lines.append(shown(data, owner, kind, at + 10, length))
        at += 10 + length
    return Message(flags & 0xF, tuple(lines))


def shown(data: bytes, owner: str, kind: int, at: int, length: int) -> str:
    """A record as text."""
    name = next((known for known, number in TYPES.items() if number == kind), str(kind))
    match name:
        case "A" | "AAAA":
            return f"Name:\t{owner}\nAddress: {ipaddress.ip_address(data[at : at + length])}"
        case "CNAME":
            return f"{owner}\tcanonical name = {name_at(data, at)[0]}"
        case "PTR":
            return f"{owner}\tname = {name_at(data, at)[0]}"
        case "NS":
            return f"{owner}\tnameserver = {name_at(data, at)[0]}"
        case "MX":
            return f"{owner}\tmail exchanger = {struct.unpack_from('!H', data, at)[0]} {name_at(data, at + 2)[0]}"
        case "SRV":
            priority, weight, port = struct.unpack_from("!HHH", data, at)
            return f"{owner}\tservice = {priority} {weight} {port} {name_at(data, at + 6)[0]}"
        case "TXT":
            return f'{owner}\ttext = "{data[at + 1 : at + 1 + data[at]].decode(errors="replace")}"'
        case "SOA":
            origin, after = name_at(data, at)
            return f"{owner}\n\torigin = {origin}\n\tmail addr = {name_at(data, after)[0]}"
        case _:
            return f"{owner}\trecord of type {name}: {data[at : at + length].hex()}"


def name_at(data: bytes, at: int) -> tuple[str, int]:
    """A name in a message, which may end in what an earlier one ends in; and where it ends."""
    labels, end, limit = list[str](), 0, at
    while length := data[at]:
        if length >= 0xC0:
            end = end or at + 2
            at = struct.unpack_from("!H", data, at)[0] & 0x3FFF
            if at >= limit:
                raise ValueError("a name that points to itself")
            limit = at
            continue
        labels.append(data[at + 1 : at + 1 + length].decode(errors="replace"))
        at += 1 + length
    return ".".join(labels), end or at + 1


if __name__ == "__main__":
    sys.exit(main())

"""The lines of a run file: each one JSON object, `kind` first, with a seal at its end.

    {"kind": "run", "format": 2, ...Header}      once, first
    {"kind": "selection", "behaviours": [...]}   once, second: judging needs no suites
    {"kind": "versions", "of": {...}}            when the cluster is up
    {"kind": "started", ...Started}              before each check
    {"kind": "fact", ...Fact}                    after each check
    {"kind": "judged", ...Judged}                when the run ends: the judgements of all of these, for other readers
    {"kind": "finished", ...Finished}            last, with the number of lines of each kind; missing after a kill

The seal is the key `digest`: the SHA-256, in hex, of all lines before, without their seals, and of the rest of its own.
So no line can be changed, taken out, added or moved without the next seal showing it.
"""

import json
import re
from collections import Counter
from hashlib import sha256
from typing import Any

from pydantic import TypeAdapter, ValidationError

from svcproof.errors import ProvisionError
from svcproof.model.fact import Fact
from svcproof.model.header import Header
from svcproof.model.judgement import Judged
from svcproof.model.run import Finished, Selection, Started, Versions
from svcproof.printable import clipped

FORMAT = 2
LONGEST = 32 << 20
"""Bytes in a line. A fact of a check with thousands of events has a million."""
LONGEST_FIRST = 4 << 20
"""Bytes in the first line, which is read before anything shows that a run wrote the file."""
Line = Header | Selection | Versions | Started | Fact | Judged | Finished
KINDS: dict[type, str] = {
    Header: "run",
    Selection: "selection",
    Versions: "versions",
    Started: "started",
    Fact: "fact",
    Judged: "judged",
    Finished: "finished",
}
ADAPTERS: dict[str, TypeAdapter[Any]] = {kind: TypeAdapter(line) for line, kind in KINDS.items()}

FIRST = ("run", "selection")
ENDING = len(f', "digest": "{sha256().hexdigest()}"}}')
CHANGED = (
    "its digest does not fit, so it or a line before it was changed, taken out, added or moved; "
    "judge the file as the run wrote it, or run again"
)


class BadLine(Exception):
    """A line is not one of a run file, or not as it was written; the message says why."""


class Chain:
    """Seals the lines of one run file, or checks their seals: one line after the other, from the first."""

    def __init__(self) -> None:
        self._digest = sha256()
        self._counts: Counter[str] = Counter()

    @property
    def digest(self) -> str:
        """The seal of the last line, which no other run file has."""
        return self._digest.hexdigest()

    def seal(self, line: Line) -> bytes:
        """The next line as it is written, newline included; raises ProvisionError where none so long could be read."""
        content, kind = self._content(line), KINDS[type(line)]
        if len(content) + ENDING > (limit := self._limit()):
            size = f"{len(content):,} bytes, and no more than {limit:,} are read of it"
            raise ProvisionError(f"cannot write results: the next line, of kind {kind}, would have {size}")
        self._digest.update(content + b"\n")
        self._counts[kind] += 1
        return content[:-1] + self._ending() + b"\n"

    def check(self, text: bytes) -> Line:
        """The next line, from what is written there; raises BadLine where it is not as it was written.

        All but the first are not even parsed before their seal is known to hold.
        """
        first, limit = not self._counts.total(), self._limit()
        if self._counts["finished"]:
            raise BadLine("it follows the last line of the run")
        if len(text) > limit or not text.endswith(b"\n"):
            raise BadLine(f"it is longer than {limit >> 20} MB")
        self._digest.update(text[: -ENDING - 1] + b"}\n")
        holds = text[-ENDING - 1 : -1] == self._ending()
        if not (holds or first):
            raise BadLine(CHANGED)
        fields = _fields(text[:-1])
        kind = _kind(fields)
        if not holds:
            raise BadLine(CHANGED)
        self._refuse_order(kind)
        counts = dict(self._counts)
        self._counts[kind] += 1
        if kind == "finished" and fields.pop("lines", None) != counts:
            raise BadLine(f"it counts other lines than the {sum(counts.values())} before it")
        return _line(kind, fields)

    def _limit(self) -> int:
        return LONGEST if self._counts.total() else LONGEST_FIRST

    def _refuse_order(self, kind: str) -> None:
        number = self._counts.total()
        due = FIRST[number] if number < len(FIRST) else ""
        if due and kind != due:
            raise BadLine(f"line {number + 1} of a run file is of kind {due}, and this one is of kind {kind}")
        if (not due and kind in FIRST) or (kind == "judged" and self._counts[kind]):
            raise BadLine(f"a second line of kind {kind}")
        if self._counts["judged"] and kind != "finished":
            raise BadLine(f"only the last line of a run follows its judgements, and this one is of kind {kind}")

    def _content(self, line: Line) -> bytes:
        tail = {"lines": dict(self._counts)} if isinstance(line, Finished) else {}
        return as_json(keys(line) | tail)

    def _ending(self) -> bytes:
        return f', "digest": "{self.digest}"}}'.encode()


def keys(line: Line) -> dict[str, Any]:
    """The keys of a line with their values, all but its seal."""
    kind = KINDS[type(line)]
    head: dict[str, Any] = {"kind": kind} | ({"format": FORMAT} if isinstance(line, Header) else {})
    return head | _dumped(kind, line)


def packed(fact: Fact) -> str:
    """A fact as text, on its way from the process that made it to the one that records it."""
    return as_json(_dumped("fact", fact)).decode()


def unpacked(text: str) -> Fact:
    """The fact that was packed."""
    fact: Fact = ADAPTERS["fact"].validate_json(text, strict=True, extra="forbid")
    return fact


def _dumped(kind: str, line: Line) -> dict[str, Any]:
    body: dict[str, Any] = ADAPTERS[kind].dump_python(
        line, by_alias=True, exclude_defaults=kind != "run", warnings="error"
    )
    return body


def as_json(fields: dict[str, Any]) -> bytes:
    """JSON that is the same each time, and free of lone surrogates, which a strict reader refuses."""
    text = json.dumps(fields, ensure_ascii=False, allow_nan=False, default=_plain)
    return re.sub("[\ud800-\udfff]", lambda half: rf"\\u{ord(half[0]):04x}", text).encode()


def _plain(value: object) -> object:
    return sorted(value) if isinstance(value, frozenset) else str(value)


def _fields(text: bytes) -> dict[str, Any]:
    try:
        fields = DECODER.decode(text.decode())
    except UnicodeDecodeError as error:
        raise BadLine(f"it is not UTF-8: byte {error.start + 1} is 0x{text[error.start]:02x}") from error
    except json.JSONDecodeError as error:
        raise BadLine(f"it is not JSON: {error.msg} at character {error.pos + 1}") from error
    except ValueError as error:
        raise BadLine(f"it is not JSON that can be read: {clipped(str(error))}") from error
    except RecursionError as error:
        raise BadLine("it is nested too deeply") from error
    if not isinstance(fields, dict):
        raise BadLine(f"it is not a JSON object: {clipped(text[:1000].decode(errors='replace'))}")
    return fields


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) < len(pairs):
        key = next(key for key, count in Counter(key for key, _ in pairs).items() if count > 1)
        raise ValueError(f"the key {key!r} is there more than once")
    return fields


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no number of JSON")


DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_constant=_refuse)


def _kind(fields: dict[str, Any]) -> str:
    kind = fields.pop("kind", None)
    if kind == "run" and (version := fields.pop("format", None)) != FORMAT:
        older = "run again, or judge it with svcproof 0.1" if version == 1 else "judge it with the svcproof of the run"
        raise BadLine(f"it is of format {clipped(repr(version))}, and this svcproof reads format {FORMAT}: {older}")
    if not isinstance(kind, str) or kind not in ADAPTERS:
        raise BadLine(f"its kind is {clipped(repr(kind))}, which is none of {', '.join(ADAPTERS)}")
    fields.pop("digest", None)
    return kind


def _line(kind: str, fields: dict[str, Any]) -> Line:
    try:
        # As JSON, so that `strict` lets a string be an address or a member of an enum, but no "3" be a 3.
        line: Line = ADAPTERS[kind].validate_json(json.dumps(fields), strict=True, extra="forbid")
    except RecursionError as error:
        raise BadLine("it is nested too deeply") from error
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise BadLine(f"{clipped(where)}: {clipped(first['msg'])}") from error
    return line

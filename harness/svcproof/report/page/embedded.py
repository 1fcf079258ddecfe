"""The runs in the page: the lines of their files, with less where there is much, packed as base64 of gzip."""

import base64
import gzip
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from svcproof.model.fact import Finding
from svcproof.model.judgement import Judged
from svcproof.model.run import Run, Selection, Versions
from svcproof.report.lines import as_json, keys

ROOM = 2_000_000
"""Characters that all runs of a page may have together, as far as leaving something out makes them fit."""
LEFT_OUT = "trimmed"
"""The key of a trimmed fact that names what the page leaves out of it."""
Line = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trim:
    """A measure of what is left out: keys of facts that hold, keys of the others, and numbers of the last that stay."""

    of_confirmed: Sequence[str] = ()
    of_others: Sequence[str] = ()
    events: int | None = None
    tries: int | None = None


MEASURED = ("events", "steps", "machine", "chances")
TRIMS = (
    Trim(),
    Trim(of_confirmed=("events",)),
    Trim(of_confirmed=MEASURED),
    Trim(of_confirmed=MEASURED, events=100),
    Trim(of_confirmed=MEASURED, events=20, tries=4),
    Trim(of_confirmed=MEASURED, of_others=("evidence", "circumstances"), events=8, tries=2),
    Trim(of_confirmed=MEASURED, of_others=("evidence", "circumstances", *MEASURED), tries=1),
)
"""Measures, the least first: what holds needs no explanation, and the last looks decided."""


def packed(runs: Mapping[str, tuple[Run, Judged]], room: int | None = None) -> Mapping[str, str]:
    """Pack each run, by its key: whole where there is room for all, else with as little left out as makes them fit.

    `room` is in characters, for all of them together; usually ROOM.
    """
    lines = {key: _lines(run, judged) for key, (run, judged) in runs.items()}
    *gentler, most = TRIMS
    for trim in gentler:
        texts = _packed_within(lines, trim, ROOM if room is None else room)
        if texts is not None:
            return texts
    return {key: _packed(_trimmed(of_run, most)) for key, of_run in lines.items()}


def _packed_within(lines: Mapping[str, Sequence[Line]], trim: Trim, room: int) -> Mapping[str, str] | None:
    """Pack runs with so much left out; None once they have more characters than there is room for."""
    texts: dict[str, str] = {}
    for key, of_run in lines.items():
        texts[key] = _packed(_trimmed(of_run, trim))
        room -= len(texts[key])
        if room < 0:
            return None
    return texts


def _lines(run: Run, judged: Judged) -> Sequence[Line]:
    head = (run.header, Selection(behaviours=run.behaviours), Versions(of=run.versions))
    end = (judged, run.finished) if run.finished else (judged,)
    lines = [keys(line) for line in (*head, *run.facts, *end)]
    lines[-1]["digest"] = run.digest
    return lines


def _packed(lines: Iterable[Line]) -> str:
    text = b"".join(as_json(line) + b"\n" for line in lines)
    return base64.b64encode(gzip.compress(text, mtime=0)).decode()


def _trimmed(lines: Sequence[Line], trim: Trim) -> Iterator[Line]:
    """The lines with less. Of a behaviour with many tries, those that did not hold are kept first."""
    facts = sorted((line for line in lines if line["kind"] == "fact"), key=_holds)
    tries: Counter[str] = Counter()
    kept: set[int] = set()
    for fact in facts:
        tries[fact["id"]] += 1
        if trim.tries is None or tries[fact["id"]] <= trim.tries:
            kept.add(id(fact))
    for line in lines:
        if line["kind"] != "fact":
            yield line
        elif id(line) in kept:
            yield _fact(line, trim, alone=tries[line["id"]] <= (trim.tries or tries[line["id"]]))


def _fact(fact: Line, trim: Trim, *, alone: bool) -> Line:
    gone = [key for key in (trim.of_confirmed if _holds(fact) else trim.of_others) if key in fact]
    less = {key: value for key, value in fact.items() if key not in gone}
    if trim.events is not None and len(less.get("events", ())) > trim.events:
        less["events"] = less["events"][-trim.events :]
        gone.append("earlier events")
    gone += [] if alone else ["other tries"]
    return less | {LEFT_OUT: gone} if gone else less


def _holds(fact: Line) -> bool:
    return bool(fact["finding"] == Finding.CONFIRMED)


def bare_schema(schema: Any) -> Any:
    """A JSON Schema without its descriptions, which say nothing to a program."""
    if isinstance(schema, list):
        return [bare_schema(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        key: {name: bare_schema(item) for name, item in value.items()}
        if key in {"properties", "$defs"}
        else bare_schema(value)
        for key, value in schema.items()
        if key not in {"description", "title", "default"}
    }

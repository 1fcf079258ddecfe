"""The run file, `run.jsonl`: one JSON object a line, its `kind` first, written as things happen.

    {"kind": "run", "format": 1, ...Header}      once, first
    {"kind": "behaviour", ...Behaviour}          one per selected behaviour: judging needs no suites
    {"kind": "versions", "of": {...}}            when the cluster is up
    {"kind": "started", ...Started}              before each check
    {"kind": "fact", ...Fact}                    after each check, synced to disk
    {"kind": "finished", ...Finished}            last; missing where the run was killed

Only the controlling process of a run writes it.
"""

import json
import os
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from harness.errors import ProvisionError, UsageError
from harness.model.behaviour import Behaviour
from harness.model.fact import Fact
from harness.model.run import Finished, Header, Run, Started, Versions

FORMAT = 1
Line = Header | Behaviour | Versions | Started | Fact | Finished
ADAPTERS: dict[str, TypeAdapter[Any]] = {
    "run": TypeAdapter(Header),
    "behaviour": TypeAdapter(Behaviour),
    "versions": TypeAdapter(Versions),
    "started": TypeAdapter(Started),
    "fact": TypeAdapter(Fact),
    "finished": TypeAdapter(Finished),
}
KINDS = {Header: "run", Behaviour: "behaviour", Versions: "versions", Started: "started", Fact: "fact"} | {
    Finished: "finished"
}


class Writer:
    """Appends lines to a new run file; what was written survives a kill -9."""

    def __init__(self, path: Path) -> None:
        """Create the file. Raises UsageError where it exists: a run never overwrites another's facts."""
        try:
            self._file = path.open("x", encoding="utf-8")
        except OSError as error:
            raise UsageError(f"cannot write results to {path}: {error.strerror}; choose another --results") from error

    def write(self, line: Line) -> None:
        """Write one line; a fact gets its digest and is on disk when this returns.

        Raises ProvisionError where that fails, such as on a full disk; what was written before is there.
        """
        text = encode(replace(line, digest=digest(line)) if isinstance(line, Fact) else line)
        try:
            self._file.write(text + "\n")
            self._file.flush()
            if isinstance(line, Fact | Finished):
                os.fsync(self._file.fileno())
        except OSError as error:
            what = f"cannot write results to {self._file.name}: {error.strerror}"
            raise ProvisionError(f"{what}; make room there, or choose another --results, and run again") from error

    def close(self) -> None:
        """Close the file; nothing can be written after it."""
        with suppress(OSError):  # What could not be written was told of then.
            self._file.close()


def store(run: Run, directory: Path) -> None:
    """Write a whole run into a directory of its own; raises UsageError where there is another run's file."""
    directory.mkdir(parents=True, exist_ok=True)
    writer = Writer(directory / "run.jsonl")
    lines: list[Line] = [run.header, *run.behaviours, Versions(of=run.versions), *run.started, *run.facts]
    for line in lines + ([run.finished] if run.finished else []):
        writer.write(line)
    writer.close()


def encode(line: Line) -> str:
    """A line as JSON: deterministic, and free of lone surrogates, which a strict reader refuses."""
    kind = KINDS[type(line)]
    head = {"kind": kind} | ({"format": FORMAT} if isinstance(line, Header) else {})
    body = ADAPTERS[kind].dump_python(line, by_alias=True, exclude_defaults=kind != "run", warnings="error")
    text = json.dumps(head | body, ensure_ascii=False, default=_plain)
    return re.sub("[\ud800-\udfff]", lambda half: rf"\\u{ord(half[0]):04x}", text)


def digest(fact: Fact) -> str:
    """SHA-256, in hex, of everything else in the fact."""
    return sha256(encode(replace(fact, digest="")).encode()).hexdigest()


def load(path: Path) -> Run:
    """Read a run file, or the one in a directory of results; a last line cut short by a kill is left out.

    Raises UsageError where the file cannot be read, is of another format, or a fact is not as it was written.
    """
    path = path / "run.jsonl" if path.is_dir() else path
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UsageError(f"cannot read the run file {path}: {error.strerror}") from error
    found: dict[type, list[Any]] = {kind: [] for kind in KINDS}
    for line in _lines(path, content):
        found[type(line)].append(line)
    if len(found[Header]) != 1:
        raise UsageError(f"{path} is not a run file: it has {len(found[Header])} lines of kind run, not one")
    return Run(
        header=found[Header][0],
        behaviours=tuple(found[Behaviour]),
        versions={name: version for one in found[Versions] for name, version in one.of.items()},
        started=tuple(found[Started]),
        facts=tuple(found[Fact]),
        finished=found[Finished][-1] if found[Finished] else None,
    )


def _lines(path: Path, content: bytes) -> Iterator[Line]:
    # What follows the last newline was being written when the process was killed, even where it reads as whole.
    for number, line in enumerate(content.split(b"\n")[:-1], 1):
        where = f"{path}:{number}"
        try:
            yield _decode(json.loads(line), where)
        except (ValueError, ValidationError) as error:
            raise UsageError(f"{where}: not a line of a run file of format {FORMAT}: {error}") from error


def _decode(fields: Any, where: str) -> Line:
    if not isinstance(fields, dict):
        raise ValueError("no JSON object")
    kind = fields.pop("kind", None)
    if kind == "run" and (version := fields.pop("format", None)) != FORMAT:
        raise UsageError(f"{where}: run file of format {version}; this svcproof reads format {FORMAT}")
    if kind not in ADAPTERS:
        raise UsageError(f"{where}: unknown kind {kind!r}; known are {', '.join(ADAPTERS)}")
    line: Line = ADAPTERS[kind].validate_python(fields)
    if isinstance(line, Fact) and line.digest != digest(line):
        raise UsageError(f"{where}: the fact about {line.id} is not as it was written (its digest differs)")
    return line


def _plain(value: object) -> object:
    return sorted(value) if isinstance(value, frozenset) else str(value)

"""The runs in the page: the lines of their files, with less where much is known already, packed as base64 of gzip."""

import base64
import gzip
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from svcproof.model.fact import Finding
from svcproof.model.judgement import Judged
from svcproof.model.run import Run, Selection, Versions
from svcproof.report.lines import as_json, keys

ROOM = 2_000_000
"""Characters that all runs of a page may have together, as far as less of what holds makes them fit."""
LEFT_OUT = "trimmed"
"""The key of a trimmed fact that names the keys which the page leaves out of it."""
TRIMMED: Sequence[tuple[str, ...]] = ((), ("events",), ("events", "steps", "machine", "chances"))
"""The keys that may be left out of the facts of what holds, from none to the most."""


def packed(runs: Mapping[str, tuple[Run, Judged]]) -> Mapping[str, str]:
    """Pack each run, by its key: whole where there is room for all, else with less of what holds."""
    lines = {key: _lines(run, judged) for key, (run, judged) in runs.items()}
    for left_out in TRIMMED:
        texts = {key: _packed(_trimmed(line, left_out) for line in of_run) for key, of_run in lines.items()}
        if sum(map(len, texts.values())) <= ROOM:
            break
    return texts


def _lines(run: Run, judged: Judged) -> Sequence[dict[str, Any]]:
    head = (run.header, Selection(behaviours=run.behaviours), Versions(of=run.versions))
    end = (judged, run.finished) if run.finished else (judged,)
    lines = [keys(line) for line in (*head, *run.facts, *end)]
    lines[-1]["digest"] = run.digest
    return lines


def _packed(lines: Iterable[dict[str, Any]]) -> str:
    text = b"".join(as_json(line) + b"\n" for line in lines)
    return base64.b64encode(gzip.compress(text, mtime=0)).decode()


def _trimmed(line: dict[str, Any], left_out: Sequence[str]) -> dict[str, Any]:
    gone = [key for key in left_out if key in line] if line.get("finding") == Finding.CONFIRMED else []
    kept = {key: value for key, value in line.items() if key not in gone}
    return kept | {LEFT_OUT: gone} if gone else kept


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

"""A first baseline, made from the failures of a run, for somebody to fill in: a reader refuses it until then."""

import json
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

from svcproof.disk import write_or_raise
from svcproof.model.baseline import Entry, Standing
from svcproof.model.run import Run
from svcproof.model.verdict import Ruling, Verdict
from svcproof.printable import clipped, one_line
from svcproof.report.words import gist

TIME_TO_MEND = timedelta(days=90)
"""The time until an entry that is made for somebody to fill in expires."""
REST = 200
"""Characters of a comment."""


def write(path: Path, run: Run, verdicts: Sequence[Verdict]) -> str:
    """Write it to a file, and return a sentence about it; raises ProvisionError where that fails."""
    write_or_raise(path, content(run, verdicts), "choose another file for the baseline")
    return f"wrote {path}: fill in why, url and owner of each failure, or mend it"


def content(run: Run, verdicts: Sequence[Verdict]) -> str:
    """The text of the file.

    Entries of the baseline that the run had are kept, but for those that are stale or expired, and those that failed
    otherwise.
    """
    header = run.header
    about = one_line(f"{header.proxy.name} on {header.cluster.name}, run {header.id} of {header.day}")
    entries = [line for entry in _entries(run, verdicts) for line in entry]
    head = [f"# The failures of {clipped(about, REST)}.", "baseline: 1"]
    return "\n".join([*head, *(["entries:", *entries] if entries else ["entries: []"])]) + "\n"


def _entries(run: Run, verdicts: Sequence[Verdict]) -> Iterator[list[str]]:
    compared = {comparison.behaviour: comparison for comparison in run.beside_baseline(verdicts)}
    for verdict in verdicts:
        comparison = compared.get(verdict.behaviour.id)
        if comparison and comparison.entry and comparison.standing in KEPT:
            yield _kept(comparison.entry)
        elif verdict.fails_the_run:
            yield _made(verdict, run.header.day + TIME_TO_MEND)
    selected = {verdict.behaviour.id for verdict in verdicts}
    yield from (_kept(other.entry) for name, other in compared.items() if other.entry and name not in selected)


def _kept(entry: Entry) -> list[str]:
    observed = [f"  observed: {entry.observed}"] if entry.observed else []
    return [
        f"- behaviour: {_quoted(entry.behaviour)}",
        *observed,
        f"  why: {_quoted(entry.why)}",
        f"  url: {_quoted(entry.url)}",
        f"  owner: {_quoted(entry.owner)}",
        f"  until: {entry.until}",
    ]


def _made(verdict: Verdict, until: date) -> list[str]:
    return [
        f"# {clipped(verdict.behaviour.requirement, REST)}",
        f"# found: {clipped(gist(verdict.reason), REST)}",
        f"- behaviour: {_quoted(verdict.behaviour.id)}",
        *([f"  observed: {Ruling.FLAKY}"] if verdict.ruling is Ruling.FLAKY else []),
        '  why: ""',
        '  url: ""',
        '  owner: ""',
        f"  until: {until}",
    ]


def _quoted(text: str) -> str:
    """A text as YAML reads it, whatever is in it."""
    return json.dumps(one_line(text), ensure_ascii=False)


KEPT = frozenset({Standing.EXPECTED, Standing.HELD, Standing.NOT_EXERCISED})

"""The evidence of a run's checks in reports, and its files: checked, and copied when shards are put together."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from svcproof.errors import UsageError
from svcproof.evidence.folder import changed_files, copied
from svcproof.model.evidence import FOLDER, Evidence
from svcproof.model.fact import Fact
from svcproof.model.run import Run

RUN = "run"
"""Begins the names of the files that are of no check but of the run."""
MOST_MISSING = 3


def stem(fact: Fact) -> str:
    """The beginning of the names of a check's files; a second try has its own, and what broke beside another."""
    attempt = "" if fact.attempt == 1 else f".{fact.attempt}"
    return f"{fact.id}{attempt}{'.again' if fact.retry else ''}{'.beside' if fact.beside else ''}"


def described(evidence: Evidence, *, rules: bool = True) -> list[str]:
    """The lines for people: the excerpt of rules, if they concern; the names of the files; what could not be had."""
    names = [f"{FOLDER}/{file.name}" for file in evidence.files]
    files = [f"evidence: {_joined(names)}"] if names else []
    missing = [f"not to be had: {reason}" for reason in evidence.missing[:MOST_MISSING]]
    more = len(evidence.missing) - MOST_MISSING
    title, *lines = evidence.excerpt.splitlines() or [""]
    excerpt = [title, *(f"  {line}" for line in lines)] if title and rules else []
    return [*excerpt, *files, *missing, *([f"and {more} more"] if more > 0 else [])]


def _joined(names: list[str]) -> str:
    """Names with what they all begin with, up to a dot, written once, as a shell has it."""
    start = names[0].partition(".")[0] + "."
    if len(names) == 1 or not all(name.startswith(start) for name in names):
        return " ".join(names)
    return f"{start}{{{','.join(name.removeprefix(start) for name in names)}}}"


def refuse_changed_files(run: Run, results: Path) -> None:
    """Raise UsageError where a file of evidence is there and not as the run wrote it."""
    if changes := changed_files(results, _all(run)):
        raise UsageError(changes)


def with_copied_files(run: Run, source: Path, results: Path) -> Run:
    """The run whose evidence is in another directory of results, to which its files are copied."""
    facts = tuple(
        replace(fact, evidence=copied(fact.evidence, source, results, stem(fact))) if fact.evidence else fact
        for fact in run.facts
    )
    finished = run.finished
    if finished and finished.evidence:
        finished = replace(finished, evidence=copied(finished.evidence, source, results, RUN))
    return replace(run, facts=facts, finished=finished)


def _all(run: Run) -> Iterator[Evidence]:
    yield from (fact.evidence for fact in run.facts if fact.evidence)
    if run.finished and run.finished.evidence:
        yield run.finished.evidence

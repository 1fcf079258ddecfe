"""The runs and claims of a folder: each folder in it has a run file, and perhaps a claim about that run."""

import gzip
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from svcproof.declare import claims
from svcproof.errors import UsageError, gathered
from svcproof.model.behaviour import Behaviour
from svcproof.model.claim import Claim, Extent
from svcproof.model.run import Run
from svcproof.printable import one_line
from svcproof.report import runfile
from svcproof.report.claim.made import extent_of
from svcproof.report.claim.objections import objections
from svcproof.report.outcome import is_whole

RUN_FILES = (runfile.NAME, f"{runfile.NAME}.gz")
CLAIM = "claim.yaml"
KNOWN_ISSUES = "known-issues.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedClaim:
    """A claim beside a run; `objections` say what does not hold in it. `claim` is None where it could not be read."""

    claim: Claim | None
    objections: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A run with its file, packed, and with its claim if there is one."""

    folder: str
    run: Run
    packed: bytes
    claim: CheckedClaim | None
    extent: Extent
    """The part of its suite that the run selected."""


def read(directory: Path, catalogue: Sequence[Behaviour], version: str) -> tuple[Source, ...]:
    """Read a folder, in the order of the names in it; claims are checked with the catalogue of this svcproof.

    Raises UsageError with everything that speaks against the runs in it. A claim that does not hold is shown as such.
    """
    if not directory.is_dir():
        raise UsageError(f"{directory} is not a directory: name one that has a directory for each run")
    folders = sorted(place for place in directory.iterdir() if place.is_dir() and not place.name.startswith("."))
    problems: list[str] = []
    sources: list[Source] = []
    for folder in folders:
        with gathered(problems):
            sources.append(_source(folder, catalogue, version))
    if not folders:
        problems.append(f"{directory} has no directories: it is to have one for each run, with its run file")
    problems += _twice(sources)
    if problems:
        raise UsageError(problems)
    return tuple(sources)


def _source(folder: Path, catalogue: Sequence[Behaviour], version: str) -> Source:
    place = next((folder / name for name in RUN_FILES if (folder / name).is_file()), None)
    if place is None:
        raise UsageError(f"{folder} has no run file: it is to have a {' or a '.join(RUN_FILES)}, or is to be removed")
    run = runfile.load(place)
    text = place.read_bytes()
    packed = text if text.startswith(runfile.GZIP) else gzip.compress(text, mtime=0)
    claim = _checked(folder / CLAIM, run, catalogue, version) if os.path.lexists(folder / CLAIM) else None
    return Source(folder=folder.name, run=run, packed=packed, claim=claim, extent=_extent(run, catalogue, version))


def _extent(run: Run, catalogue: Sequence[Behaviour], version: str) -> Extent:
    """By the behaviours of its suite, where this svcproof has the same; else by the options of the run."""
    if run.header.svcproof != version:
        return Extent.WHOLE if is_whole(run) else Extent.PARTIAL
    return extent_of(run, [behaviour for behaviour in catalogue if run.header.proxy.claims.concern(behaviour)])


def _checked(file: Path, run: Run, catalogue: Sequence[Behaviour], version: str) -> CheckedClaim:
    try:
        _, claim = claims.claim(file)
    except UsageError as error:
        lines = (problem.removeprefix(f"{file.parent}/") for problem in error.problems)
        return CheckedClaim(claim=None, objections=tuple(map(one_line, lines)))
    found = objections(claim, run, catalogue, version)
    lines = (": ".join(filter(None, (".".join(map(str, each.loc)), each.what))) for each in found)
    return CheckedClaim(claim=claim, objections=tuple(map(one_line, lines)))


def _twice(sources: Sequence[Source]) -> Iterator[str]:
    folders: dict[str, str] = {}
    for source in sources:
        first = folders.setdefault(source.run.digest, source.folder)
        if first != source.folder:
            yield f"{one_line(first)} and {one_line(source.folder)} have the same run file: remove one of them"

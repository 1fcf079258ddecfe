"""The run file, `run.jsonl`: written line by line as things happen, by the controlling process of the run alone."""

import errno
import gzip
import os
import zlib
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import replace
from importlib.metadata import version
from io import BufferedIOBase
from pathlib import Path
from typing import Any

from svcproof.errors import ProvisionError, UsageError
from svcproof.model.fact import Fact
from svcproof.model.header import Header
from svcproof.model.judgement import Judged
from svcproof.model.run import UNFINISHED, Finished, Run, Selection, Started, Versions
from svcproof.report.coherence import incoherent
from svcproof.report.lines import KINDS, LONGEST, BadLine, Chain, Line

NAME = "run.jsonl"
GZIP = b"\x1f\x8b"
"""The first bytes of what gzip packs."""


class Writer:
    """Appends lines to a new run file; what was written survives a kill -9."""

    def __init__(self, path: Path) -> None:
        """Create the file. Raises UsageError where it exists: a run never overwrites another's facts."""
        try:
            self._file = path.open("xb")
        except OSError as error:
            raise UsageError(f"cannot write results to {path}: {error.strerror}; choose another --results") from error
        self._chain = Chain()

    @property
    def digest(self) -> str:
        """The seal of the last line."""
        return self._chain.digest

    def write(self, line: Line) -> None:
        """Write one line; a fact, and the last line, is on disk when this returns.

        Raises ProvisionError where that fails, such as on a full disk; what was written before is there.
        """
        text = self._chain.seal(line)
        try:
            self._file.write(text)
            self._file.flush()
            if isinstance(line, Fact | Finished):
                os.fsync(self._file.fileno())
        except OSError as error:
            what = f"cannot write results to {self._file.name}: {error.strerror}"
            raise ProvisionError(f"{what}; make room there, or choose another --results, and run again") from error
        self.refuse_removed()

    def refuse_removed(self) -> None:
        """Raise ProvisionError where the file is no longer in any directory."""
        if not os.fstat(self._file.fileno()).st_nlink:
            raise ProvisionError(f"cannot write results to {self._file.name}: it was removed while the run went on")

    def close(self) -> None:
        """Close the file; nothing can be written after it."""
        with suppress(OSError):  # What could not be written was told of then.
            self._file.close()


def refuse_existing(directory: Path) -> None:
    """Raise UsageError where there is a run file in a directory."""
    if (path := directory / NAME).exists():
        raise UsageError(f"cannot write results to {path}: {os.strerror(errno.EEXIST)}; choose another --results")


def store(run: Run, directory: Path) -> Run:
    """Write a whole run into a directory of its own, and return it as it is there.

    Raises UsageError where there is another run's file.
    """
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"cannot make {directory} for results: {error.strerror}; choose another --results") from error
    with closing(Writer(directory / NAME)) as writer:
        for line in lines(run):
            writer.write(line)
    return replace(run, digest=writer.digest)


def lines(run: Run) -> Iterator[Line]:
    """The lines of a whole run, in the order of its file."""
    yield run.header
    yield Selection(behaviours=run.behaviours)
    yield Versions(of=run.versions)
    yield from run.started
    yield from run.facts
    if run.finished:
        yield run.judged(run.verdicts())
        yield run.finished


def directory_of(place: Path) -> Path:
    """The directory of results that somebody means who names it, or the run file in it."""
    return place if place.is_dir() else place.parent


def load(path: Path) -> Run:
    """Read a run file, as it is or packed by gzip, or the one in a directory of results.

    One without its last line is read too, and is a run that did not complete. Raises UsageError, with the line, where
    the file cannot be read, is no run file of this format, or is not as it was written.
    """
    try:
        path = path / NAME if path.is_dir() else path
        if path.exists() and not path.is_file():
            raise UsageError(f"{path} is not a run file: it is a directory or a device, not a regular file")
        with path.open("rb") as file:
            is_packed = file.peek(len(GZIP)).startswith(GZIP)
            return _read(path, gzip.GzipFile(fileobj=file) if is_packed else file)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise UsageError(f"cannot read the run file {path}: it is not as gzip packed it: {error}") from error
    except OSError as error:
        raise UsageError(f"cannot read the run file {path}: {error.strerror}") from error


def _read(path: Path, file: BufferedIOBase) -> Run:
    of_kind: dict[type, list[Any]] = {kind: [] for kind in KINDS}
    chain, torn = Chain(), 0
    for number, text in enumerate(iter(lambda: file.readline(LONGEST), b""), 1):
        # What has no newline was being written when the process was killed, even where it reads as whole.
        if not text.endswith(b"\n") and len(text) < LONGEST and not of_kind[Finished]:
            torn = number
            break
        try:
            line = chain.check(text)
        except BadLine as error:
            raise UsageError(f"{path}:{number}: not a line of a svcproof run: {error}") from error
        of_kind[type(line)].append(line)
    if not of_kind[Header]:
        raise UsageError(f"{path} is not a run file: {'its first line is cut short' if torn else 'it is empty'}")
    run = Run(
        header=of_kind[Header][0],
        behaviours=tuple(behaviour for selection in of_kind[Selection] for behaviour in selection.behaviours),
        versions={name: version for line in of_kind[Versions] for name, version in line.of.items()},
        started=tuple(of_kind[Started]),
        facts=tuple(of_kind[Fact]),
        finished=next(iter(of_kind[Finished]), None),
        digest=chain.digest,
        judgements=next(iter(of_kind[Judged]), None),
        unfinished=UNFINISHED + (f", in the middle of line {torn}" if torn else ""),
    )
    if problems := [f"{path} is not as a run writes it: {what}" for what in incoherent(run, version("svcproof"))]:
        raise UsageError(problems)
    return run

"""The directory of evidence beside a run file: each file is written once and referred to by its digest."""

import hashlib
import os
import re
from collections.abc import Collection, Iterable
from dataclasses import replace
from pathlib import Path

from svcproof.evidence.bounds import LARGEST_TEXT, bounded
from svcproof.evidence.redaction import without_secrets
from svcproof.model.evidence import FOLDER, Evidence, EvidenceFile

LONGEST_NAME = 200
FLAGS = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


class EvidenceFolder:
    """Writes the files of one check below the results' directory; what cannot be written is `missing`, with the reason.

    Several processes may write there at once. No text is written with one of the `known` secrets, or anything else
    that looks like one.
    """

    def __init__(self, results: Path, stem: str, known: Collection[str] = ()) -> None:
        """Make the directory where it is not there; `stem` is the behaviour's id, with the attempt if that is not 1."""
        self._directory, self._stem, self._known = results / FOLDER, fit_for_name(stem), known
        self.files: list[EvidenceFile] = []
        self.missing: list[str] = []

    def write_text(self, title: str, ending: str, text: str) -> None:
        """Write a text without secrets, and both ends of a long one; an empty one is not kept."""
        if text:
            cleaned = self.cleaned(bounded(text, 2 * LARGEST_TEXT))  # No secret is cut in two that is kept.
            self.write(title, ending, bounded(cleaned).encode(errors="backslashreplace"))

    def cleaned(self, text: str) -> str:
        """The text without secrets."""
        return without_secrets(text, self._known)

    def write(self, title: str, ending: str, content: bytes) -> None:
        """Write a file whose name is that of the check and this ending."""
        try:
            self._directory.mkdir(parents=True, exist_ok=True)
            name = self._create(ending, content)
        except OSError as error:
            self.missing.append(f"{title} could not be written to {self._directory}: {error.strerror}")
            return
        digest = hashlib.sha256(content).hexdigest()
        self.files.append(EvidenceFile(title=title, name=name, size=len(content), sha256=digest))

    def _create(self, ending: str, content: bytes) -> str:
        """Write a file under a name that is free, and return that."""
        for number in range(1, 1000):
            name = f"{self._stem}{f'-{number}' if number > 1 else ''}.{fit_for_name(ending)}"
            try:
                descriptor = os.open(self._directory / name, FLAGS, 0o644)
            except FileExistsError:
                continue
            try:
                with os.fdopen(descriptor, "wb") as file:
                    file.write(content)
            except OSError:
                (self._directory / name).unlink(missing_ok=True)
                raise
            return name
        raise FileExistsError(None, f"there are 1000 files such as {name} already")


def fit_for_name(text: str) -> str:
    """The text as a part of a file's name."""
    return re.sub(r"[^A-Za-z0-9._-]", "_", text).lstrip(".-")[:LONGEST_NAME]


def changed_files(results: Path, evidence: Iterable[Evidence]) -> list[str]:
    """A sentence for each file of evidence that is there and not as the run wrote it."""
    return [
        f"{results / FOLDER / file.name} is not as the run wrote it: its SHA-256 is another"
        for item in evidence
        for file in item.files
        if (content := _content(results, file)) is not None and hashlib.sha256(content).hexdigest() != file.sha256
    ]


def copied(evidence: Evidence, source: Path, results: Path, stem: str) -> Evidence:
    """The evidence with its files copied from one directory of results into another; those not there are missing."""
    folder = EvidenceFolder(results, stem)
    for file in evidence.files:
        content = _content(source, file)
        if content is None:
            folder.missing.append(f"{file.title}: there is no file {source / FOLDER / file.name}")
        else:
            folder.write(file.title, file.name.removeprefix(f"{fit_for_name(stem)}."), content)
    return replace(evidence, files=tuple(folder.files), missing=(*evidence.missing, *folder.missing))


def _content(results: Path, file: EvidenceFile) -> bytes | None:
    try:
        descriptor = os.open(results / FOLDER / file.name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return None
    with os.fdopen(descriptor, "rb") as opened:
        return opened.read(file.size + 1)

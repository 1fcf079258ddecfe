"""A baseline read from its file, with every mistake in it told at once."""

from collections.abc import Collection, Iterator
from pathlib import Path

from svcproof.declare.document import Document, Loc, Mistake, read
from svcproof.declare.validate import validate
from svcproof.errors import UsageError, near
from svcproof.model.baseline import Baseline
from svcproof.model.behaviour import Behaviour, Level
from svcproof.printable import quoted


def baseline(path: Path, known: Collection[Behaviour] | None = None) -> Baseline:
    """Return the baseline in a file; raises UsageError with every mistake in it.

    A behaviour that is listed twice is one, and, where `known` has all behaviours, one that does not exist.
    """
    document = read(path)
    return validate(document.noting(_mistakes_in_names(document, known)), Baseline)


def _mistakes_in_names(document: Document, known: Collection[Behaviour] | None) -> Iterator[Mistake]:
    """Yield what is wrong with the names in a file, whatever else is wrong with it."""
    by_id = None if known is None else {behaviour.id: behaviour for behaviour in known}
    listed: set[str] = set()
    for loc, name in _names(document):
        if name in listed:
            yield Mistake(loc, f"{quoted(name)} is listed twice: keep one of the two")
        elif by_id is not None and name not in by_id:
            yield Mistake(loc, f"{quoted(name)} is no behaviour{near(name, by_id)}; see svcproof list")
        elif by_id is not None and by_id[name].level is Level.MAY:
            yield Mistake(loc, f"{quoted(name)} is a MAY, which is recorded and cannot fail: leave it out")
        listed.add(name)


def _names(document: Document) -> Iterator[tuple[Loc, str]]:
    entries = document.value.get("entries")
    for index, entry in enumerate(entries if isinstance(entries, list) else ()):
        name = entry.get("behaviour") if isinstance(entry, dict) else None
        if isinstance(name, str) and name:
            yield ("entries", index, "behaviour"), name


def refuse_existing(path: Path) -> None:
    """Raise UsageError where there is a file that --write-baseline would overwrite, or no folder for it."""
    if path.exists() or path.is_symlink():
        raise UsageError(f"--write-baseline {path}: is there already, and may be filled in; choose another file")
    if not path.absolute().parent.is_dir():
        raise UsageError(f"--write-baseline {path}: there is no folder {path.absolute().parent}")

"""One YAML file, read with the place of every key and value."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from svcproof.errors import UsageError
from svcproof.printable import clipped, printable, quoted
from svcproof.yaml_reading import DECLARATION, Loc, Part, Place, Unsound, read_parts, read_text

__all__ = ["Document", "Loc", "Mistake", "read"]

LONGEST = 500
"""Characters of what is said of one mistake: in it there may be names that the file has."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """A mistake at a place of a document."""

    loc: Loc
    what: str


@dataclass(frozen=True, slots=True)
class Document:
    """A file whose YAML is sound: `value` is its mapping, `places` where each part of it stands."""

    path: Path
    value: dict[str, Any]
    places: Mapping[Loc, Place]
    problems: tuple[str, ...]
    """A line for each key or value that could not be read."""
    unread: tuple[Loc, ...]
    """The values that could not be read, and are None."""

    def noting(self, mistakes: Iterable[Mistake]) -> "Document":
        """The document with these mistakes among its problems, which are told whatever else is wrong with it."""
        return replace(self, problems=(*self.problems, *map(self.line, mistakes)))

    def line(self, mistake: Mistake, *, at_key: bool = False) -> str:
        """Write a mistake as `file:line:column: key: what`, at the nearest place that the file has."""
        near = mistake.loc
        while near not in self.places:
            near = near[:-1]
        place = self.places[near]
        line, column = place.key if at_key else place.value
        key = ".".join(quoted(str(part), bare=True) for part in mistake.loc)
        return (
            f"{printable(str(self.path))}:{line}:{column}: {key + ': ' if key else ''}{clipped(mistake.what, LONGEST)}"
        )


def read(path: Path) -> Document:
    """Read a declaration; raises UsageError where it cannot be read, or is no YAML that holds one mapping."""
    name = printable(str(path))
    try:
        parts = read_parts(read_text(path, DECLARATION.size), DECLARATION)
    except Unsound as error:
        raise UsageError(error.lines(name)) from error
    if not parts:
        raise UsageError(f"{name}:1:1: is empty: a declaration maps keys to values")
    problems = [f"{name}:{_at(part)}: is another document: a declaration is a single one" for part in parts[1:2]]
    if not isinstance(parts[0].value, dict):
        problems.insert(0, f"{name}:{_at(parts[0])}: is no mapping: a declaration maps keys to values")
    if problems:
        raise UsageError(problems)
    part = parts[0]
    unread = tuple(mistake.loc for mistake in part.mistakes if mistake.loc is not None)
    return Document(path, part.value, part.places, tuple(mistake.line(name) for mistake in part.mistakes), unread)


def _at(part: Part) -> str:
    return "{}:{}".format(*part.places[()].value)

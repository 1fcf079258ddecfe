"""One YAML file, read with the place of every key and value."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from harness.errors import UsageError

Loc = tuple[str | int, ...]
"""The way from the top of a document to a key or list item."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong at a place of a document."""

    loc: Loc
    what: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a key and its value begin: line and column, both from 1. A list item has the same place for both."""

    key: tuple[int, int]
    value: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Document:
    """A file whose YAML is sound: `value` is its mapping, `places` where each part of it stands."""

    path: Path
    value: dict[str, Any]
    places: Mapping[Loc, Place]

    def line(self, mistake: Mistake, *, at_key: bool = False) -> str:
        """Write a mistake as `file:line:column: key: what`, at the nearest place that the file has."""
        near = mistake.loc
        while near not in self.places:
            near = near[:-1]
        place = self.places[near]
        line, column = place.key if at_key else place.value
        key = ".".join(str(part) for part in mistake.loc)
        return f"{self.path}:{line}:{column}: {key + ': ' if key else ''}{mistake.what}"


def read(path: Path) -> Document:
    """Read a declaration; raises UsageError where it cannot be read, or is not YAML with unique keys."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{path}: is not a text file in UTF-8: {error.reason} at byte {error.start}") from error
    try:
        loader = yaml.CSafeLoader(text)
        try:
            return _document(path, loader, loader.get_single_node())
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        at = f"{path}:{mark.line + 1}:{mark.column + 1}" if mark else str(path)
        context = f" {error.context}" if error.context else ""
        raise UsageError(f"{at}: is not valid YAML: {error.problem}{context}") from error
    except (yaml.YAMLError, ValueError) as error:
        raise UsageError(f"{path}: is not valid YAML: {' '.join(str(error).split())}") from error


def _document(path: Path, loader: yaml.CSafeLoader, root: yaml.Node | None) -> Document:
    if not isinstance(root, yaml.MappingNode):
        found = "is empty" if root is None else "is no mapping"
        raise UsageError(f"{path}:1:1: {found}: a declaration maps keys to values")
    places: dict[Loc, Place] = {(): Place(_start(root), _start(root))}
    problems = [f"{path}:{_at(node)}: {what}" for node, what in _walk(root, (), places, ())]
    if problems:
        raise UsageError(problems)
    return Document(path, loader.construct_document(root), places)


def _walk(
    node: yaml.Node, loc: Loc, places: dict[Loc, Place], above: tuple[yaml.Node, ...]
) -> Iterator[tuple[yaml.Node, str]]:
    """Note the places below `node`, and yield what YAML allows but a declaration does not."""
    if node in above:
        yield node, "an alias must not hold itself"
    elif isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            places[(*loc, index)] = Place(_start(item), _start(item))
            yield from _walk(item, (*loc, index), places, (*above, node))
    elif isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode) or key.tag == "tag:yaml.org,2002:null":
                yield key, "a key must be a word"
                continue
            here = (*loc, key.value)
            if here in places:
                yield key, f"{'.'.join(map(str, here))}: the key is there twice, first in line {places[here].key[0]}"
                continue
            places[here] = Place(_start(key), _start(value))
            yield from _walk(value, here, places, (*above, node))


def _start(node: yaml.Node) -> tuple[int, int]:
    return node.start_mark.line + 1, node.start_mark.column + 1


def _at(node: yaml.Node) -> str:
    return "{}:{}".format(*_start(node))

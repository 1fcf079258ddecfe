"""Nodes as the values of Python that JSON has, with the place of each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from svcproof.printable import quoted
from svcproof.yaml_reading.nodes import Limits, Loc, Mistake, Node, Place, Unsound, compose
from svcproof.yaml_reading.scalars import MERGE, NotRead, key_of, no_such_tag, tag_of, value_of

COLLECTIONS = {None, "!", "tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"}


@dataclass(frozen=True, slots=True)
class Part:
    """One document: `value` is what JSON can hold, `places` where each part of it stands; () is the whole.

    What could not be read is among the mistakes, and None in the value.
    """

    value: Any
    places: Mapping[Loc, Place]
    mistakes: tuple[Mistake, ...]


def read_parts(text: str, limits: Limits) -> tuple[Part, ...]:
    """Return the documents of a text but for empty ones; raises Unsound where it is no YAML, or beyond the limits."""
    readers = [(_Reader(limits), root) for root in compose(text, limits)]
    return tuple(Part(reader.read(root), reader.places, tuple(reader.mistakes.values())) for reader, root in readers)


def parse(text: str, limits: Limits) -> tuple[Part, ...]:
    """Return the documents of a text but for empty ones; raises Unsound with every mistake in them."""
    parts = read_parts(text, limits)
    if mistakes := [mistake for part in parts for mistake in part.mistakes]:
        raise Unsound(mistakes)
    return parts


@dataclass(slots=True)
class _Reader:
    """Reads one document, and notes places and mistakes."""

    limits: Limits
    places: dict[Loc, Place] = field(default_factory=dict)
    mistakes: dict[tuple[tuple[int, int], str], Mistake] = field(default_factory=dict)
    """By place and words: an alias brings them again."""

    def read(self, root: Node) -> Any:
        self.places[()] = _place(root, root)
        return self._value(root, ())

    def _value(self, node: Node, loc: Loc) -> Any:
        if node.text is not None:
            return self._attempt(node, value_of, loc, unknown=True)
        if node.tag not in COLLECTIONS:
            self._note(node, loc, no_such_tag(node), unknown=True)
        if node.mapping:
            return self._mapping(node, loc)
        for index, item in enumerate(node.items):
            self.places[(*loc, index)] = _place(item, item)
        return [self._value(item, (*loc, index)) for index, item in enumerate(node.items)]

    def _mapping(self, node: Node, loc: Loc) -> dict[str, Any]:
        value: dict[str, Any] = {}
        lines: dict[str, int] = {}
        pairs = list(zip(node.items[::2], node.items[1::2], strict=True))
        for key, inner in pairs:
            if _is_merge(key):
                continue
            if key.text is None:
                self._note(key, (), "a key must be a word")
                continue
            name = self._attempt(key, key_of, ())
            if name is None:
                continue
            if name in lines:
                self._note(key, (*loc, name), f"the key is there twice, first in line {lines[name]}")
                continue
            lines[name] = key.start[0]
            self.places[(*loc, name)] = _place(key, inner)
            value[name] = self._value(inner, (*loc, name))
        for key, inner in pairs:
            if _is_merge(key):
                self._merge(inner, loc, value)
        return value

    def _merge(self, node: Node, loc: Loc, value: dict[str, Any]) -> None:
        """Add what a merge key brings: keys that are there already stay as they are."""
        sources = [node] if node.mapping else node.items
        if node.text is not None or not all(source.mapping for source in sources):
            self._note(node, (*loc, "<<"), "merges mappings, and this is none")
            return
        for source in sources:
            other = _Reader(self.limits)
            new = {key: inner for key, inner in other._mapping(source, loc).items() if key not in value}
            value |= new
            self.places |= {way: place for way, place in other.places.items() if way[len(loc)] in new}
            self.mistakes |= other.mistakes

    def _attempt(self, node: Node, read: Callable[[Node, bool], Any], loc: Loc, *, unknown: bool = False) -> Any:
        try:
            return read(node, self.limits.strict)
        except NotRead as why:
            self._note(node, loc, str(why), unknown=unknown)
            return None

    def _note(self, node: Node, loc: Loc, what: str, *, unknown: bool = False) -> None:
        key = ".".join(quoted(str(part), bare=True) for part in loc)
        mistake = Mistake(node.start, f"{key}: {what}" if key else what, loc if unknown else None)
        self.mistakes[mistake.at, mistake.what] = mistake


def _is_merge(key: Node) -> bool:
    return key.text is not None and tag_of(key) == MERGE


def _place(key: Node, value: Node) -> Place:
    return Place(key.start, value.start, value.end, value.text or "" if value.implicit[0] else "")

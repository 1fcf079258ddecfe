"""A text as a tree of nodes, within limits, or the mistakes in it: limits hold of the tree with aliases written out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import yaml

from svcproof.printable import quoted


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of one kind of YAML: bytes of a file, values in it with aliases written out, and levels of nesting.

    Where it is `strict`, what YAML's versions and readers disagree about is refused instead of read one way.
    """

    size: int
    values: int
    levels: int = 64
    strict: bool = False


DECLARATION = Limits(size=1 << 18, values=20_000, strict=True)
"""A file that a user of svcproof writes."""
MANIFEST = Limits(size=16 << 20, values=1_000_000)
"""A file of Kubernetes objects, or whatever else others have made; read as kubectl reads it."""
Mark = tuple[int, int]
Loc = tuple[str | int, ...]
"""The way from the top of a document to a key or list item."""


@dataclass(frozen=True, slots=True)
class Place:
    """The place of a key and its value: their beginnings and the value's end, as line and column, from 1.

    A list item has the same place for key and value. `text` is what is written there, of a plain scalar.
    """

    key: tuple[int, int]
    value: tuple[int, int]
    end: tuple[int, int]
    text: str = ""


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing that is wrong, at its line and column, from 1."""

    at: tuple[int, int]
    what: str
    loc: Loc | None = None
    """The value that is not known because of it."""

    def line(self, name: object) -> str:
        """`name:line:column: what`."""
        return f"{name}:{self.at[0]}:{self.at[1]}: {self.what}"


class Unsound(ValueError):
    """A text that is not read; `mistakes` says all that is wrong, in the order of the text."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        self.mistakes = tuple(sorted(mistakes, key=lambda mistake: mistake.at))
        super().__init__("; ".join(f"line {mistake.at[0]}: {mistake.what}" for mistake in self.mistakes[:5]))

    def lines(self, name: object) -> tuple[str, ...]:
        """Each mistake as `name:line:column: what`."""
        return tuple(mistake.line(name) for mistake in self.mistakes)


@dataclass(eq=False, slots=True)
class Node:
    """A scalar, a sequence or a mapping. An alias is the very node that it names."""

    start: Mark
    end: Mark
    tag: str | None = None
    text: str | None = None
    """Of a scalar."""
    implicit: tuple[bool, bool] = (False, False)
    """Of a scalar: true that it is plain, true that it is quoted."""
    mapping: bool = False
    items: list["Node"] = field(default_factory=list)
    """Of a sequence its items, of a mapping its keys and values in turn."""
    size: int = 1
    """Nodes in it, itself included, with aliases written out."""
    levels: int = 1
    """Levels of nesting, itself included, with aliases written out."""


def compose(text: str, limits: Limits) -> tuple[Node, ...]:
    """Return the root of each document that is not empty. Raises Unsound, for the first thing that is wrong."""
    if not all(map(_is_allowed, set(text))):
        bad = next(index for index, letter in enumerate(text) if not _is_allowed(letter))
        at = text.count("\n", 0, bad) + 1, bad - text.rfind("\n", 0, bad)
        raise Unsound([Mistake(at, f"is not valid YAML: the character U+{ord(text[bad]):04X} must not stand there")])
    try:
        return tuple(_roots(yaml.parse(text, Loader=yaml.CSafeLoader), limits))
    except Unsound:
        raise
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        context = f" {error.context}" if error.context else ""
        raise Unsound([Mistake(_at(mark), f"is not valid YAML: {error.problem}{context}")]) from error
    except (yaml.YAMLError, ValueError) as error:
        raise Unsound([Mistake((1, 1), f"is not valid YAML: {' '.join(str(error).split())}")]) from error


def _roots(events: Iterator[Any], limits: Limits) -> Iterator[Node]:
    open_nodes: list[Node] = []
    anchors: dict[str, Node] = {}
    for event in events:
        if isinstance(event, yaml.DocumentStartEvent):
            anchors = {}
        elif isinstance(event, yaml.SequenceEndEvent | yaml.MappingEndEvent):
            node = open_nodes.pop()
            node.end = _at(event.end_mark)
            if (root := _placed(node, open_nodes, limits)) is not None:
                yield root
        elif isinstance(event, yaml.NodeEvent):
            node = _node(event, anchors, open_nodes)
            if isinstance(event, yaml.CollectionStartEvent):
                open_nodes.append(node)
                if len(open_nodes) > limits.levels:
                    raise Unsound([Mistake(node.start, f"is nested more than {limits.levels} levels deep")])
            elif (root := _placed(node, open_nodes, limits)) is not None and not _is_empty(root):
                yield root


def _node(event: Any, anchors: dict[str, Node], open_nodes: list[Node]) -> Node:
    if isinstance(event, yaml.AliasEvent):
        named = anchors.get(str(event.anchor))
        if named is None:
            raise Unsound([Mistake(_at(event.start_mark), f"no anchor {quoted(event.anchor)} stands before its alias")])
        if named in open_nodes:
            raise Unsound([Mistake(_at(event.start_mark), "an alias must not hold itself")])
        return named
    node = Node(_at(event.start_mark), _at(event.end_mark), event.tag)
    if isinstance(event, yaml.ScalarEvent):
        node.text, node.implicit = event.value, event.implicit
    node.mapping = isinstance(event, yaml.MappingStartEvent)
    if event.anchor is not None:
        anchors[event.anchor] = node
    return node


def _placed(node: Node, open_nodes: list[Node], limits: Limits) -> Node | None:
    """Put a whole node where it belongs; return it where it is a document."""
    if not open_nodes:
        return node
    above = open_nodes[-1]
    above.items.append(node)
    above.size += node.size
    above.levels = max(above.levels, node.levels + 1)
    if above.size > limits.values:
        raise Unsound([Mistake(above.start, f"holds more than {limits.values:,} values, its aliases written out")])
    if above.levels > limits.levels:
        raise Unsound(
            [Mistake(above.start, f"is nested more than {limits.levels} levels deep, its aliases written out")]
        )
    return None


def _is_empty(root: Node) -> bool:
    """True of a document in which nothing is written."""
    return root.text == "" and root.implicit[0] and root.tag is None


def _at(mark: Any) -> Mark:
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)


def _is_allowed(letter: str) -> bool:
    """True if YAML lets the character stand in a text. https://yaml.org/spec/1.1/#c-printable."""
    if letter < "\xa0":
        return letter in "\t\n\r\x85" or " " <= letter <= "~"
    return letter <= "\ud7ff" or "\ue000" <= letter <= "\ufffd" or letter >= "\U00010000"

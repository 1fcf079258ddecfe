"""The words of predicates, and of the values that they are about."""

import ast
import inspect
import linecache
from collections.abc import Callable, Iterable, Mapping, Set
from functools import partial
from types import CodeType
from typing import TypeVar

from svcproof.wait.chances import at_random, miss_of

Value = TypeVar("Value")


def in_words(expected: str, predicate: Callable[[Value], object]) -> Callable[[Value], bool]:
    """Make a predicate that holds where this one does, and says so in these words, which follow "expected: "."""

    def holds(value: Value) -> bool:
        return bool(predicate(value))

    holds.__doc__ = expected
    return holds


def both(first: Callable[[Value], bool], second: Callable[[Value], bool]) -> Callable[[Value], bool]:
    """Make a predicate: both of these hold. A clause with which the words of both begin is said once."""
    words, more = expectation(first), expectation(second)
    clause, comma, rest = more.partition(", ")
    addition = rest.removeprefix("and ") if comma and words.startswith(f"{clause}, ") else more

    def miss(value: Value) -> float:
        return min(1.0, miss_of(first, value) + miss_of(second, value))

    return at_random(in_words(f"{words}, and {addition}", lambda value: first(value) and second(value)), miss)


def expectation(predicate: Callable[..., object]) -> str:
    """The words of a predicate: the first line of its docstring, else the source of a lambda, else its name."""
    predicate = inspect.unwrap(predicate.func if isinstance(predicate, partial) else predicate)
    name = getattr(predicate, "__name__", type(predicate).__name__)
    if not inspect.isfunction(predicate) and not inspect.ismethod(predicate):
        return f"{name}() of it is true"
    if text := (predicate.__doc__ or "").strip().partition("\n")[0]:
        return _as_clause(text)
    return _source_of_lambda(predicate.__code__) if name == "<lambda>" else name.strip("_").replace("_", " ")


def listed(items: Iterable[object]) -> str:
    """Some things in one line, in order."""
    return ", ".join(sorted(map(shown, items))) or "none"


def shown(value: object) -> str:
    """A value in one line, as somebody would write it who does not know the language of this program."""
    match value:
        case None | "":
            return "nothing"
        case Mapping():
            return ", ".join(f"{key}: {shown(item)}" for key, item in value.items()) or "none"
        case Set():
            return listed(value)
        case list() | tuple():
            return f"({', '.join(map(shown, value))})" if value else "none"
        case _:
            return str(value)


def _as_clause(sentence: str) -> str:
    """A sentence as the end of another: without its capital, unless it is part of a name, and its full stop."""
    sentence = sentence.removeprefix("True if ")
    first = sentence.partition(" ")[0]
    begin = sentence[0].lower() if first == first.capitalize() else sentence[0]
    return (begin + sentence[1:]).removesuffix(".")


def _source_of_lambda(code: CodeType) -> str:
    """The expression of a lambda as its author wrote it, on one line; the word lambda where there is no source."""
    source = "".join(linecache.getlines(code.co_filename))
    places = {(line, column) for line, _, column, _ in code.co_positions() if line and column}
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Lambda) and (node.body.lineno, node.body.col_offset) in places:
            return " ".join((ast.get_source_segment(source, node.body) or "").split())
    return "a lambda without source"

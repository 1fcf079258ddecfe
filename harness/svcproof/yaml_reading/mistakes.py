"""Mistakes in a text, with their places."""

from collections.abc import Sequence
from dataclasses import dataclass

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

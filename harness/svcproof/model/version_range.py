"""Ranges of versions, such as `>=1.15 <1.18`: all that a list of known issues needs to say."""

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from svcproof.printable import quoted

OPERATORS: Mapping[str, Callable[[tuple[int, ...], tuple[int, ...]], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
    "=": operator.eq,
}
BOUND = re.compile(r"(?P<operator>>=|<=|>|<|=)v?(?P<number>[0-9]{1,9}(\.[0-9]{1,9}){0,5})")
VERSION = re.compile(r"v?(?P<number>[0-9]{1,9}(\.[0-9]{1,9}){0,5})(?P<rest>.*)")
BEFORE = re.compile(r"-?(alpha|beta|rc|pre|dev)")
"""Begins what follows the number of a version that comes before that number."""
PARTS = 6


@dataclass(frozen=True, slots=True)
class Bound:
    """One end of a range."""

    operator: str
    number: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class VersionRange:
    """Versions that are within all of its bounds; without one, all versions."""

    bounds: tuple[Bound, ...]

    @classmethod
    def read(cls, text: str) -> "VersionRange":
        """Read bounds between spaces; raises ValueError where one is none."""
        matches = [(word, BOUND.fullmatch(word)) for word in text.split()]
        if wrong := [word for word, match in matches if match is None]:
            raise ValueError(f"is no range such as >=1.15 <1.18: {quoted(wrong[0])} is no bound")
        return cls(tuple(Bound(match["operator"], _padded(match["number"])) for _, match in matches if match))

    def __contains__(self, version: str) -> bool:
        """True if a version is within; what is no version, such as the name of a branch, only in all versions."""
        match = VERSION.fullmatch(version)
        if match is None:
            return not self.bounds
        number = (*_padded(match["number"]), -1 if BEFORE.match(match["rest"]) else 0)
        return all(OPERATORS[bound.operator](number, (*bound.number, 0)) for bound in self.bounds)


def _padded(number: str) -> tuple[int, ...]:
    parts = tuple(map(int, number.split(".")))
    return parts + (0,) * (PARTS - len(parts))


def order(version: str) -> tuple[int, ...]:
    """A key that sorts versions; what is no version comes first."""
    match = VERSION.fullmatch(version)
    return (*_padded(match["number"]), -1 if BEFORE.match(match["rest"]) else 0) if match else ()

"""The words of a comparison that did not hold: what was expected, and what was seen."""

from collections.abc import Set
from dataclasses import dataclass

from svcproof.model.observed import Observed
from svcproof.wait.predicates.words import shown

PHRASES = {
    "==": "{}",
    "!=": "others than {}",
    "<=": "none but {}",
    "<": "some but not all of {}",
    ">=": "at least {}",
    ">": "more than {}",
    "in": "one of {}",
    "not in": "none of {}",
    "has": "{}, maybe among others",
    "has not": "others than {}",
}
OF_NUMBERS = {"<=": "{} at most", "<": "less than {}", ">=": "{} at least", "!=": "another than {}"}
REVERSED = {"<=": ">=", "<": ">", ">=": "<=", ">": "<"}
FEW = 3
"""So many items are compared at a glance."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A comparison as it is written: `left operator right`."""

    operator: str
    left: object
    right: object

    def turned(self) -> "Comparison":
        """The same with what was observed on the left."""
        match self.operator, self.right:
            case "in", Observed() as observed:
                return Comparison("has", observed, self.left)
            case "not in", Observed() as observed:
                return Comparison("has not", observed, self.left)
            case operator, Observed() as observed if not isinstance(self.left, Observed):
                return Comparison(REVERSED.get(operator, operator), observed, self.left)
        return self

    @property
    def claim(self) -> str:
        """The clause that was expected to be true; empty where the values have no words of their own."""
        turned = self.turned()
        return turned.left.claim.format(turned.phrase) if isinstance(turned.left, Observed) else ""

    @property
    def phrase(self) -> str:
        """The right side, as what the left one was expected to be; empty of `is None`, which says nothing."""
        phrases = PHRASES | OF_NUMBERS if isinstance(self.right, int | float) else PHRASES
        return phrases.get(self.operator, "").format(shown(self.right))

    @property
    def seen(self) -> str:
        """The left side, and how it differs from the right one where that is not seen at a glance."""
        left, right = self.turned().left, self.turned().right
        if isinstance(left, Observed):
            text = ", ".join(_with_count(left, item) for item in sorted(left, key=str)) or "none"
        else:
            text = shown(left)
        if self.operator != "==" or not isinstance(left, Set) or not isinstance(right, Set) or len(left | right) <= FEW:
            return text
        differences = {"missing": right - left, "not expected": left - right}
        return "; ".join([text, *(f"{name}: {shown(items)}" for name, items in differences.items() if items)])

    def __str__(self) -> str:
        return f"{shown(self.left)} {self.operator} {shown(self.right)}"


def _with_count(observed: Observed[object], item: object) -> str:
    count = observed.counts[item]
    return f"{item} ({count} probes)" if count > 1 else str(item)

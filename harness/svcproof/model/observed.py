"""Sets of what was observed, which have words for a comparison with them."""

from collections import Counter
from collections.abc import Iterable
from typing import Generic, TypeVar

Item = TypeVar("Item")


class Observed(frozenset[Item], Generic[Item]):
    """A set, with the claim that a comparison with it makes, and how often each item was observed.

    `claim` is a clause such as `the probes are answered by {}`. Sets made of it, by `|` or `-`, have no words.
    """

    claim: str
    counts: Counter[Item]

    def __new__(cls, items: Iterable[Item] = (), claim: str = "{}") -> "Observed[Item]":
        """Make the set of these items, the same one as often as it was observed."""
        counts = Counter(items)
        observed = super().__new__(cls, counts)
        observed.claim, observed.counts = claim, counts
        return observed

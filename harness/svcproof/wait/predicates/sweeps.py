"""The predicate of looks that many vantages take at once."""

from typing import Protocol

from svcproof.wait.chances import at_random


class Compared(Protocol):
    """A comparison of what many vantages saw with what they must see."""

    @property
    def holds(self) -> bool:
        """True if there is no difference, and all was looked at."""

    @property
    def miss(self) -> float:
        """The probability that such a look differs by chance at a proxy that is right."""


def as_promised(compared: Compared) -> bool:
    """Every vantage sees at every door what the rules promise."""
    return compared.holds


at_random(as_promised, miss=lambda compared: compared.miss)

"""The predicate of bystanders."""

from collections.abc import Sized
from typing import Protocol


class Compared(Protocol):
    """A comparison of what many vantages saw with what they must see."""

    @property
    def wrong(self) -> Sized:
        """The differences."""


def as_promised(compared: Compared) -> bool:
    """Each vantage sees at each door what the rules of a Service proxy say."""
    return not len(compared.wrong)

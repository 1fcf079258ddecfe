"""The outcome of one scenario on a cluster: as promised, or what differed, after which change, by which rule."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from svcproof.model.scenario import Scenario


class Signature(NamedTuple):
    """The part that two differences share which are likely to be of one cause."""

    rule: str
    aspect: str
    door: str
    where: str
    """The kind of place that the client is in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The end of a scenario. Without signatures it was as promised throughout, unless it was refused."""

    signatures: frozenset[Signature] = frozenset()
    after: int = 0
    """The number of the step after which it differed; 0 for the objects."""
    change: str = ""
    """That step in words."""
    table: str = ""
    """The table of what was expected and seen, with the rules."""
    refused: str = ""
    """The API server's reason for refusing an object or a change: nothing follows from such a scenario."""
    starved: bool = False
    """True if the machine was starved meanwhile, which can be the reason for a difference."""
    cells: int = 0
    """The number of times that a vantage at a door was held against the promise."""
    states: int = 0
    """The number of times that a world was looked at: as it was made, and after each of its steps."""
    views: int = 0
    """The sum, over these, of the vantages that looked."""

    @property
    def differs(self) -> bool:
        """True if it was not as promised."""
        return bool(self.signatures)


Attempt = Callable[[Sequence[Scenario], bool], Sequence[Outcome]]
"""Tries scenarios side by side, each in a world of its own, and returns the outcome of each.

If the second argument is true what differs gets the whole time in which a proxy may converge; else only as long as it
has needed so far, and some more.
"""


class Renewal(Protocol):
    """A proxy that a scenario may spoil for all that come after it, and that can be begun anew."""

    def mended(self) -> bool:
        """Begin the proxy anew if it serves not even a plain Service; True if it serves one then."""

    def begin_anew(self) -> None:
        """Begin the proxy anew, and wait until it serves a plain Service."""

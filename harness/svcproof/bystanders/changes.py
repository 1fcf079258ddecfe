"""The changes that checks made, and those among them that were made when a bystander broke."""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from svcproof.bystanders.spell import Spell
from svcproof.model.bystander import NearbyChange
from svcproof.model.event import Change, HarnessAction

MOST_KEPT = 1000
MOST_TOLD = 5


@dataclass(frozen=True, slots=True)
class MadeChange:
    """A change, the id of the behaviour whose check made it, and when it began, by the monotonic clock."""

    at: float
    check: str
    change: str


class Changes:
    """The last changes of all checks of this process, in order."""

    def __init__(self) -> None:
        self._made: deque[MadeChange] = deque(maxlen=MOST_KEPT)
        self.check = ""
        """The id of the behaviour whose check is under way."""

    def add(self, what: Change | HarnessAction, began: float) -> None:
        """Add a change of the check under way."""
        self._made.append(MadeChange(began, self.check, words(what)))

    def __iter__(self) -> Iterator[MadeChange]:
        return iter(tuple(self._made))


def words(what: Change | HarnessAction) -> str:
    """A change in a few words."""
    if isinstance(what, HarnessAction):
        return f"{what.action}: {what.on}"
    refused = ", which was refused" if what.refused else ""
    return f"{what.verb} {what.kind} {what.name}{refused}"


def nearby(changes: Iterable[MadeChange], spell: Spell, allowed: float) -> tuple[NearbyChange, ...]:
    """The changes between the last right look and the first wrong one, the last first.

    Where there were none, those of the `allowed` seconds before: the proxy may have needed as long to act on them.
    """
    made = [each for each in changes if each.at <= spell.first.at]
    close = [each for each in made if each.at >= spell.last_right]
    early = [each for each in made if each.at >= spell.last_right - allowed]
    return tuple(
        NearbyChange(check=each.check, change=each.change, before=round(spell.first.at - each.at, 3))
        for each in reversed((close or early)[-MOST_TOLD:])
    )

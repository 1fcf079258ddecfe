"""Spells: times in which a post saw what it must not see. Pure functions of frozen values."""

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Look:
    """One look of a post: when it began, by the monotonic clock, whether it was right, and what was seen, in words."""

    at: float
    right: bool
    seen: str = ""
    expected: str = ""
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Spell:
    """Wrong looks of one post in a row, of which `first` is the first.

    `last_right` is the time of the last right look before, `until` that of the first right one after: None where it
    has not come.
    """

    last_right: float
    first: Look
    last: Look
    wrong: int = 1
    until: float | None = None

    def gap(self, now: float) -> float:
        """Seconds between the right looks around it, or from the one before until now."""
        return (now if self.until is None else self.until) - self.last_right

    def endured(self, now: float, quiet_since: float) -> float:
        """Seconds for which it has been wrong while nothing excused it; 0 where it has ended."""
        return 0.0 if self.until is not None else max(0.0, now - max(self.first.at, quiet_since))


@dataclass(frozen=True, slots=True)
class History:
    """The past of a post: the time of its last right look, and the spell that it is in or was in last.

    A post that has never been right has no spells: what never was served did not break.
    """

    last_right: float | None = None
    spell: Spell | None = None

    @property
    def is_wrong(self) -> bool:
        """True within a spell."""
        return self.spell is not None and self.spell.until is None


def after(history: History, look: Look) -> History:
    """The history after one more look."""
    spell = history.spell if history.is_wrong else None
    if look.right:
        ended = replace(spell, until=look.at) if spell else None
        return History(look.at, ended)
    if spell:
        return replace(history, spell=replace(spell, last=look, wrong=spell.wrong + 1))
    if history.last_right is None:
        return history
    return replace(history, spell=Spell(history.last_right, look, look))

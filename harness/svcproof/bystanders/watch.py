"""The watch over all bystanders: takes looks, tells what they came to during a check, and which bystanders broke."""

import threading
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from svcproof.bystanders.changes import Changes, nearby
from svcproof.bystanders.post import Post
from svcproof.bystanders.spell import History, Look, Spell, after
from svcproof.model.bystander import BystanderRecord, Disturbance, NodeTally

MOST_TOLD = 60
WRONG_LOOKS = 3
"""A bystander is not broken before so many looks in a row were wrong."""


@dataclass(slots=True)
class Tally:
    """Looks from the vantages of one node."""

    tries: int = 0
    lost: int = 0
    gap: float = 0.0


@dataclass(slots=True)
class Watch:
    """Keeps what posts see; may be used by several threads."""

    every: float
    """Seconds between two looks of a post."""
    allowed: float
    """Seconds that the proxy may need until the data path shows a change."""
    changes: Changes = field(default_factory=Changes)
    quiet_since: float = 0.0
    """Until then something may have disturbed bystanders rightly, such as a restart of the proxy."""
    _histories: dict[Post, History] = field(default_factory=dict)
    _ended: list[tuple[Post, Spell]] = field(default_factory=list)
    _tallies: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    _told: set[tuple[Post, float]] = field(default_factory=set)
    """The spells of broken bystanders."""
    _shown: set[tuple[Post, float]] = field(default_factory=set)
    """Those of them that a record has: of what stays broken not each record has to tell."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, looks: Iterable[tuple[Post, Look]]) -> None:
        """Take looks of posts, each later than the ones before it."""
        with self._lock:
            for post, look in looks:
                before = self._histories.get(post, History())
                now = self._histories[post] = after(before, look)
                self._count(post, look, before, now)

    def wrong(self) -> dict[Post, Spell]:
        """The posts that see what they must not, and since when."""
        with self._lock:
            return self._wrong()

    def broken(self, now: float) -> dict[Post, Spell]:
        """The posts of bystanders that are broken: wrong for as long as the proxy may need, and not told of before."""
        return {
            post: spell
            for post, spell in self.wrong().items()
            if spell.endured(now, self.quiet_since) >= self.allowed
            and spell.wrong >= WRONG_LOOKS
            and _name(post, spell) not in self._told
        }

    def tell(self, now: float) -> dict[Post, Spell]:
        """The same, and each of them once."""
        found = self.broken(now)
        self._told |= {_name(*each) for each in found.items()}
        return found

    def undecided(self) -> bool:
        """True if a post sees what it must not, and it has not been told that its bystander is broken."""
        return any(_name(post, spell) not in self._told for post, spell in self.wrong().items())

    def collect(self, began: float, now: float) -> BystanderRecord:
        """The record of the looks since the last time, for a check that began then; times are counted from there."""
        with self._lock:
            spells = [*self._ended, *(each for each in self._wrong().items() if _name(*each) not in self._shown)]
            tallies, services = dict(self._tallies), {post.service for post in self._histories}
            self._ended, self._tallies = [], defaultdict(Tally)
            self._shown |= {_name(*each) for each in spells if _name(*each) in self._told}
        for post, spell in spells:
            tally = tallies.setdefault(post.node, Tally())
            tally.gap = max(tally.gap, spell.gap(now))
        return BystanderRecord(
            services=len(services),
            every=self.every,
            nodes=tuple(
                NodeTally(node=node, tries=tally.tries, lost=tally.lost, gap=round(tally.gap, 3))
                for node, tally in sorted(tallies.items())
            ),
            disturbances=tuple(self.disturbance(post, spell, began, now) for post, spell in spells[:MOST_TOLD]),
            more=max(0, len(spells) - MOST_TOLD),
        )

    def disturbance(self, post: Post, spell: Spell, began: float, now: float) -> Disturbance:
        """A spell of a post, with times counted from `began`."""
        return Disturbance(
            service=post.service,
            kind=post.kind,
            door=f"{post.door} {post.question}",
            vantage=post.vantage,
            node=post.node,
            expected=spell.last.expected,
            seen=spell.last.seen,
            rule=spell.last.rule,
            at=round(spell.first.at - began, 3),
            until=None if spell.until is None else round(spell.until - began, 3),
            lost=spell.wrong,
            gap=round(spell.gap(now), 3),
            changes=nearby(self.changes, spell, self.allowed),
        )

    def _wrong(self) -> dict[Post, Spell]:
        spells = {post: history.spell for post, history in self._histories.items()}
        return {post: spell for post, spell in spells.items() if spell and spell.until is None}

    def _count(self, post: Post, look: Look, before: History, now: History) -> None:
        tally = self._tallies[post.node]
        tally.tries += 1
        tally.lost += not look.right and before.last_right is not None
        if before.is_wrong and not now.is_wrong and now.spell:
            self._ended.append((post, now.spell))


def _name(post: Post, spell: Spell) -> tuple[Post, float]:
    return post, spell.first.at

"""One look of many posts: what each saw, beside what it must see."""

from collections import Counter
from dataclasses import dataclass

from svcproof.bystanders.post import Post
from svcproof.bystanders.spell import Look

MOST_ROWS = 20


@dataclass(frozen=True, slots=True)
class Sight:
    """The looks of all posts; as text, a row for each that was wrong."""

    looks: tuple[tuple[Post, Look], ...]
    miss: float = 0.0
    """Nothing that is asked of bystanders is left to chance."""

    @property
    def holds(self) -> bool:
        """True if none was wrong."""
        return not self.wrong

    @property
    def wrong(self) -> tuple[tuple[Post, Look], ...]:
        """The looks that were wrong."""
        return tuple((post, look) for post, look in self.looks if not look.right)

    def __str__(self) -> str:
        if not self.wrong:
            return f"all of {len(self.looks)} looks are as they must be"
        rows = Counter(_row(post, look) for post, look in self.wrong)
        shown = [row for row, _ in rows.most_common(MOST_ROWS)]
        more = [f"and {len(rows) - MOST_ROWS} more"] if len(rows) > MOST_ROWS else []
        return "\n".join([f"{len(self.wrong)} of {len(self.looks)} looks are otherwise:", *shown, *more])


def _row(post: Post, look: Look) -> str:
    place = f"{post.vantage} on {post.node}" if post.node else f"{post.vantage} outside"
    rule = f", by {look.rule}" if look.rule else ""
    return f"{place} -> {post.service}, {post.door} {post.question}: expected {look.expected}{rule}; {look.seen}"

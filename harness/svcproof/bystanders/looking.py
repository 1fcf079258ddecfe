"""One round of looks at all bystanders: a batch of probes and one of queries for each vantage, all at once."""

import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import cast

from svcproof.agent.queries import Query
from svcproof.agent.vantage import Vantage
from svcproof.bystanders.post import Expected, Post, seen
from svcproof.bystanders.spell import Look
from svcproof.errors import ProbeError
from svcproof.limits import carried
from svcproof.model.probe import Lookup, Observation, Target

Posts = Mapping[Post, Expected]
Seen = tuple[Post, Observation | Lookup, float]
"""A post, what it saw, and when it began to look, by the monotonic clock."""


@dataclass(frozen=True, slots=True)
class Within:
    """Seconds that a probe has: one that must be answered, and one that must not."""

    answered: float
    silent: float


def round_of_looks(posts: Posts, vantages: Mapping[str, Vantage], within: Within, pool: Executor) -> list[Seen]:
    """Have each post look once, from all vantages at once; a vantage that cannot be asked has seen nothing.

    What must stay silent is waited for apart, so that nothing else waits with it.
    """
    batches: dict[tuple[str, float], list[Post]] = defaultdict(list)
    for post, expected in posts.items():
        batches[post.vantage, within.silent if expected.silent else within.answered].append(post)
    asked = [
        pool.submit(carried(_looks), vantages[name], batch, seconds)
        for (name, seconds), batch in batches.items()
        if name in vantages
    ]
    return [each for future in asked for each in future.result()]


def look(seen_by: Seen, expected: Expected) -> tuple[Post, Look]:
    """A look, judged."""
    post, what, began = seen_by
    return post, Look(began, expected.fits(what), seen(what), str(expected), expected.rule)


def _looks(vantage: Vantage, posts: Sequence[Post], within: float) -> list[Seen]:
    probes = [post for post in posts if isinstance(post.question, Target)]
    asked = [post for post in posts if isinstance(post.question, Query)]
    return [*_unless_gone(_probed, vantage, probes, within), *_unless_gone(_resolved, vantage, asked, within)]


def _unless_gone(
    ask: Callable[[Vantage, Sequence[Post], float], list[Seen]], vantage: Vantage, posts: Sequence[Post], within: float
) -> list[Seen]:
    try:
        return ask(vantage, posts, within) if posts else []
    except ProbeError:
        return []


def _probed(vantage: Vantage, posts: Sequence[Post], within: float) -> list[Seen]:
    began = time.monotonic()
    probed = vantage.probe([cast("Target", post.question) for post in posts], timeout=within)
    return [(post, observation, began) for post, observation in zip(posts, probed, strict=True)]


def _resolved(vantage: Vantage, posts: Sequence[Post], within: float) -> list[Seen]:
    began = time.monotonic()
    lookups = vantage.lookups([cast("Query", post.question) for post in posts], within)
    return [(post, lookup, began) for post, lookup in zip(posts, lookups, strict=True)]

"""Two proxies on two clusters: the same scenarios on both, and only where what was seen differs."""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from svcproof.explore.attempts import Attempts, Played
from svcproof.explore.outcome import Outcome, Signature
from svcproof.limits import carried
from svcproof.model.probe import Observation
from svcproof.model.scenario import Scenario
from svcproof.promise.expectation import Answered, Aspect
from svcproof.sweep import Cell, Door
from svcproof.sweep.compare import in_words

MOST_LINES = 30
RULE = "differs from the other proxy"
Seen = Sequence[Observation]
Backend = tuple[str, int]
"""The name of a pod, and its port."""


@dataclass(frozen=True, slots=True)
class Pair:
    """One vantage at one door, on both clusters."""

    cell: Cell
    ours: Seen
    others: Seen
    shared: bool = True
    """True if some backend answered at this door on both clusters, whoever asked."""

    @property
    def aspect(self) -> Aspect | None:
        """The aspect in which the proxies differ; None where they may be alike.

        Backends are chosen at random, so they differ only if none answered at the door on both clusters. Silence
        is alike of whichever kind: a node sends one client an ICMP error a second, so most refusals look like drops.
        """
        ours, others = (frozenset(probed.answer is not None for probed in seen) for seen in (self.ours, self.others))
        if ours != others:
            return Aspect.ANSWERED
        return None if self.shared or ours == {False} else Aspect.BACKENDS

    def __str__(self) -> str:
        promised = {
            Answered.ALWAYS: "an answer",
            Answered.NEVER: "no answer",
            Answered.OPEN: "nothing",
        }[self.cell.expected.answered]
        kind, place, port = self.cell.door.heading
        return (
            f"{self.cell.client.name} at {kind} {place} {port}: {in_words(self.ours)}; "
            f"the other: {in_words(self.others)}; promised: {promised}"
        )


@dataclass(frozen=True, slots=True)
class Against:
    """Attempts on two clusters at once."""

    ours: Attempts
    other: Attempts

    def __call__(self, scenarios: Sequence[Scenario], whole: bool) -> Sequence[Outcome]:
        """Try the scenarios on both; an outcome differs where the proxies do."""
        with ThreadPoolExecutor(2) as pool:
            ours, others = pool.map(carried(lambda on: on.play(scenarios, whole)), (self.ours, self.other))
        return [compared(*both) for both in zip(ours, others, strict=True)]


def compared(ours: Played, other: Played) -> Outcome:
    """The outcome of one scenario: the first change after which the two proxies differ."""
    starved, refused = ours.starved or other.starved, ours.scene.refused or other.scene.refused
    for mine, theirs in zip(ours.judgements, other.judgements, strict=False):
        if pairs := tuple(differing(mine.look, theirs.look)):
            return replace(
                ours.counted,
                signatures=frozenset(map(_signature, pairs)),
                after=mine.after,
                change=mine.change,
                table="\n".join([*map(str, pairs[:MOST_LINES]), *_rest(pairs)]),
                refused=refused,
                starved=starved,
            )
    return replace(ours.counted, refused=refused, starved=starved)


def differing(ours: Mapping[Cell, Seen], others: Mapping[Cell, Seen]) -> Iterator[Pair]:
    """Yield where two looks differ. The same scenario has the same doors, in the same order, on both clusters."""
    if len(ours) != len(others):
        return
    mine: dict[Door, set[Backend]] = {}
    theirs: dict[Door, set[Backend]] = {}
    for (cell, seen), other in zip(ours.items(), others.values(), strict=True):
        mine.setdefault(cell.door, set()).update(_backends(seen))
        theirs.setdefault(cell.door, set()).update(_backends(other))
    for (cell, seen), other in zip(ours.items(), others.values(), strict=True):
        pair = Pair(cell, seen, other, shared=bool(mine[cell.door] & theirs[cell.door]))
        if seen and other and pair.aspect:
            yield pair


def _backends(seen: Seen) -> frozenset[Backend]:
    return frozenset((probed.answer.pod, probed.answer.port) for probed in seen if probed.answer)


def _signature(pair: Pair) -> Signature:
    return Signature(RULE, pair.aspect or "", pair.cell.door.kind or "no door", pair.cell.client.where)


def _rest(pairs: Sequence[Pair]) -> list[str]:
    more = len(pairs) - MOST_LINES
    return [f"and {more} more"] if more > 0 else []

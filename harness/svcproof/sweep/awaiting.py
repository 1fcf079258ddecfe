"""Waiting until a sweep sees what the rules promise."""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import chain, repeat
from typing import Any

from svcproof.agent.vantage import Recorder
from svcproof.limits import Judged
from svcproof.model.event import Differing, Sweep
from svcproof.promise.expectation import Aspect
from svcproof.promise.world import World
from svcproof.sweep.compare import Difference, names_of
from svcproof.sweep.doors import Door
from svcproof.sweep.look import Sweeper
from svcproof.sweep.swept import Swept
from svcproof.wait import Expired, Within, eventually, seconds_of
from svcproof.wait.predicates import as_promised

HASTY = 0.25
"""Seconds that a probe of the first look may take, and twice as many of the second.

Rules may not be there yet then, and what they drop need not be waited for: there is another look."""
KEPT = 40
"""Differences of which the run file has more than their number."""


def await_promised(
    sweeper: Sweeper,
    read: Callable[[], World],
    doors: Callable[[World], Iterable[Door]],
    recorder: Recorder,
    within: Within | None = None,
) -> Swept:
    """Sweep until all is as promised of two looks in a row: a quick one, and a close one at the same world.

    `read` tells the world as it is then, before each look but one after a look at which all was as promised.
    Raises Expired, whose words end with the table of the last look.
    """
    began, limit = time.monotonic(), seconds_of(within)
    timeouts = growing_timeouts()
    known: dict[str, Any] = {}

    def look() -> Swept:
        at = time.monotonic()
        is_close, is_late = bool(known.get("holds")), at - began > limit / 2
        world = known["world"] if is_close else read()
        if world != known.get("world"):  # What is promised of one that is as before need not be worked out again.
            known.update(world=world, cells=sweeper.cells(world, doors(world)), names=names_of(world))
        looking = sweeper if is_close or is_late else sweeper.quick
        swept = looking.look_at(known["cells"], known["names"], next(timeouts), thorough=is_late)
        known["holds"] = swept.holds
        is_last = at - began >= limit
        record(swept, recorder, at, whole=is_last)
        return replace(swept, world=world)

    try:
        return eventually(look, as_promised, within=limit)
    except Expired as expired:
        raise expired.with_last_alone() from None


def growing_timeouts() -> Iterator[float]:
    """Yield the seconds that a probe may take in one look after another."""
    return chain((HASTY, 2 * HASTY), repeat(Judged.PROBE.usual))


def record(swept: Swept, recorder: Recorder, began: float, whole: bool = False) -> None:
    """Record a look: its numbers alone, or, of one that is not as promised, the `whole` of what differs."""
    kept = swept.differences[:KEPT] if whole else ()
    recorder.record([in_short(swept, kept)], began)
    cells = dict.fromkeys(difference.cell for difference in kept)
    for vantage in dict.fromkeys(cell.client.name for cell in cells):
        recorder.record([probe for cell in cells if cell.client.name == vantage for probe in swept.look[cell]], began)


def in_short(swept: Swept, differences: tuple[Difference, ...] = ()) -> Sweep:
    """A look as a run file keeps it: its size, how many cells differ, and these differences."""
    return Sweep(
        vantages=len({cell.client.name for cell in swept.look}),
        doors=len({cell.door for cell in swept.look}),
        cells=len(swept.look),
        probes=len(swept.observations),
        differing=len({difference.cell for difference in swept.differences}),
        differences=tuple(map(_kept, differences)),
    )


def _kept(difference: Difference) -> Differing:
    cell, rule = difference.cell, difference.rule
    return Differing(
        vantage=cell.client.name,
        node=cell.client.node,
        target=cell.target,
        service=cell.door.service,
        door=cell.door.heading[0],
        aspect=difference.aspect,
        answered=cell.expected.answered,
        backends=difference.backends,
        allowed=tuple(sorted(_allowed(difference))),
        expected=difference.expected,
        seen=difference.seen,
        rule=rule.name,
        says=rule.text,
        level=rule.level,
        clause=rule.clause,
    )


def _allowed(difference: Difference) -> Iterable[str]:
    expected = difference.cell.expected
    return {Aspect.SOURCE: expected.sources, Aspect.SILENCE: expected.silence}.get(difference.aspect) or ()

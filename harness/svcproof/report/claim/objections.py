"""Everything that speaks against a claim, or against claiming anything of a run: pure functions."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from svcproof.model.behaviour import Behaviour
from svcproof.model.claim import Claim, agrees
from svcproof.model.judgement import EDITION
from svcproof.model.run import COMPLETED, Run
from svcproof.printable import quoted
from svcproof.report.claim.made import claim_of, found_versions
from svcproof.report.coherence import misjudged
from svcproof.report.words import few, gist

Loc = tuple[str | int, ...]
NOTHING = "nothing"
NOT_COMPARED = frozenset({"node", "faults"})
"""Fields of a behaviour that say nothing of its verdict, and may be in another order each time."""
COMPARED = tuple(field.name for field in fields(Behaviour) if field.name not in NOT_COMPARED)


@dataclass(frozen=True, slots=True)
class Objection:
    """A thing that does not hold; `loc` leads to it in the claim, and is empty for what is not in there."""

    loc: Loc
    what: str


def objections(claim: Claim, run: Run, catalogue: Sequence[Behaviour], version: str) -> Iterator[Objection]:
    """Yield what does not hold in a claim about a run; `version` is that of the svcproof whose catalogue it is."""
    yield from (Objection((), what) for what in unfit(run, catalogue, version))
    says = claim.model_dump(mode="json", by_alias=True)
    holds = claim_of(run, catalogue, claim.project, claim.run.url, claim.signed).model_dump(mode="json", by_alias=True)
    yield from _differences((), says, holds)
    found = found_versions(run)
    if found and not agrees(claim.project.version, found.values()):
        seen = ", ".join(f"{name} {number}" for name, number in found.items())
        what = f"is {quoted(claim.project.version)}, and the run found {seen}"
        yield Objection(("project", "version"), what)


def unfit(run: Run, catalogue: Sequence[Behaviour], version: str) -> Iterator[str]:
    """Yield the reasons for which nothing can be claimed of a run."""
    header = run.header
    if run.why != COMPLETED:
        yield f"the run is not complete: {gist(run.why)}"
    if header.faults:
        yield f"the run had faults switched on, so that it is of no real proxy: {', '.join(header.faults)}"
    if header.shard:
        yield f"the run is shard {header.shard} of one: put the shards together with svcproof merge"
    if header.svcproof != version:
        remedy = f"use svcproof {quoted(header.svcproof, bare=True)}"
        yield f"the run is of svcproof {header.svcproof}, and this is {version}, which has another suite: {remedy}"
    else:
        yield from _foreign(run, catalogue)
    if run.judgements and header.judging == EDITION and (wrong := misjudged(run, lambda judgement: judgement)):
        yield f"the run file judges otherwise than follows from its facts: {few(wrong)}"
    if not run.judgements:
        yield "the run file has no judgements: it is of an older svcproof, or the run was killed"


def _foreign(run: Run, catalogue: Sequence[Behaviour]) -> Iterator[str]:
    """Behaviours that the suite does not have, or that it has otherwise, such as at another level."""
    known = {behaviour.id: behaviour for behaviour in catalogue}
    compared = [name for name in COMPARED if name != "beta" or run.header.judging > 1]  # Runs of the first had none.
    if strange := [behaviour.id for behaviour in run.behaviours if behaviour.id not in known]:
        yield f"the run has behaviours that are not in the suite of svcproof: {few(strange)}"
    for behaviour in run.behaviours:
        ours = known.get(behaviour.id)
        unlike = [name for name in compared if ours and getattr(ours, name) != getattr(behaviour, name)]
        if unlike:
            yield f"the run says of {behaviour.id} what the suite does not: another {', '.join(unlike)}"


def _differences(loc: Loc, says: Any, holds: Any) -> Iterator[Objection]:
    if isinstance(says, Mapping) and isinstance(holds, Mapping):
        for key in {**says, **holds}:
            yield from _differences((*loc, key), says.get(key), holds.get(key))
    elif isinstance(says, list) and isinstance(holds, list):
        yield from _differing_lists(loc, says, holds)
    elif isinstance(holds, Mapping):
        yield Objection(loc, "is missing, and the run file shows it")
    elif isinstance(says, Mapping):
        yield Objection(loc, "is there, and the run file does not show it")
    elif says != holds:
        yield Objection(loc, f"is {_shown(says)}, and the run file shows {_shown(holds)}")


def _differing_lists(loc: Loc, says: list[Any], holds: list[Any]) -> Iterator[Objection]:
    for index, item in enumerate(says):
        if item not in holds:
            yield Objection((*loc, index), f"has {_shown(item)}, which the run file does not show")
    for item in holds:
        if item not in says:
            yield Objection(loc, f"leaves out {_shown(item)}, which the run file shows")
    if says != holds and all(item in holds for item in says) and all(item in says for item in holds):
        yield Objection(loc, f"has the same, but {'twice' if len(says) > len(holds) else 'in another order'}")


def _shown(value: Any) -> str:
    if isinstance(value, Mapping):
        return quoted(", ".join(str(item) for item in value.values() if item), bare=True)
    return NOTHING if value in (None, "") else quoted(value)

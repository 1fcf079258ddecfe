"""The run files of shards, put together into that of the run they are parts of: pure functions of runs."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from svcproof.errors import UsageError
from svcproof.model.behaviour import Behaviour
from svcproof.model.criteria import words_of
from svcproof.model.header import Header
from svcproof.model.run import COMPLETED, INTERRUPTED, Finished, Run
from svcproof.model.shard import Shard

SAME = (
    "svcproof",
    "proxy",
    "faults",
    "profile",
    "criteria",
    "expression",
    "repeat",
    "suites",
    "suite",
    "patience",
    "ignore_release",
    "baseline",
)
"""Fields that the headers of all shards of a run have in common, apart from the cluster."""


def merged(shards: Mapping[str, Run]) -> Run:
    """The run whose shards these are, by the name of their place; raises UsageError where they are no such shards."""
    if problems := list(_problems(shards)):
        raise UsageError(problems)
    runs = sorted(shards.values(), key=lambda run: Shard.read(run.header.shard).number)
    first = runs[0].header
    header = replace(first, id=f"{first.id}-merged", shard="", started=min(run.header.started for run in runs), argv=())

    def place(behaviour: Behaviour) -> tuple[str, str]:
        return behaviour.area, behaviour.id

    return Run(
        header=header,
        behaviours=tuple(sorted((behaviour for run in runs for behaviour in run.behaviours), key=place)),
        versions={name: version for run in runs for name, version in run.versions.items()},
        started=tuple(check for run in runs for check in run.started),
        facts=tuple(fact for run in runs for fact in run.facts),
        finished=_finished(runs),
    )


def _finished(runs: Sequence[Run]) -> Finished:
    """The end of the last shard, with the reason of the first that did not complete."""
    killed = next((f"shard {run.header.shard} is not complete: {run.why}" for run in runs if not run.finished), "")
    ends = [run.finished for run in runs if run.finished]
    early = {end.why for end in ends} - {COMPLETED}
    why = killed or (INTERRUPTED if INTERRUPTED in early else min(early, default=COMPLETED))
    at = max((end.at for end in ends), default=max(run.header.started for run in runs))
    evidence = next((end.evidence for end in ends if end.evidence), None)
    return Finished(at=at, seconds=max((end.seconds for end in ends), default=0.0), why=why, evidence=evidence)


def _problems(shards: Mapping[str, Run]) -> Iterator[str]:
    whole = {place: run for place, run in shards.items() if not run.header.shard}
    yield from (f"{place}: is a whole run, not a shard of one" for place in whole)
    blank = [place for place, run in shards.items() if not run.behaviours and not run.finished]
    yield from (f"{place}: was killed before it wrote which behaviours it selects; run it again" for place in blank)
    if whole or blank:
        return
    parts = {place: Shard.read(run.header.shard) for place, run in shards.items()}
    counts = {shard.of for shard in parts.values()}
    if len(counts) > 1:
        yield "these are shards of different splits: " + ", ".join(
            f"{place} is {part}" for place, part in parts.items()
        )
        return
    different = list(_differences(shards))
    yield from different
    yield from _gaps(parts, counts.pop())
    if not different:
        yield from _overlaps(shards, parts)


def _gaps(parts: Mapping[str, Shard], of: int) -> Iterator[str]:
    for number in range(1, of + 1):
        places = [place for place, shard in parts.items() if shard.number == number]
        if not places:
            yield f"shard {number}/{of} is missing"
        if len(places) > 1:
            yield f"shard {number}/{of} is there more than once: {', '.join(places)}"


def _differences(shards: Mapping[str, Run]) -> Iterator[str]:
    (first, run), *others = shards.items()
    for place, other in others:
        for what in SAME:
            ours, theirs = getattr(run.header, what), getattr(other.header, what)
            if ours != theirs:
                called = what.replace("_", "-")
                yield f"{place} is of another {called} than {first}: {_words(theirs)}, not {_words(ours)}"
        if _cluster(run.header) != _cluster(other.header):
            ours, theirs = run.header.cluster.name, other.header.cluster.name
            how = f"{theirs}, not {ours}" if ours != theirs else f"both are called {ours}, but declared differently"
            yield f"{place} is of another cluster than {first}: {how}"
        for component in sorted(run.versions.keys() & other.versions.keys()):
            ours, theirs = run.versions[component], other.versions[component]
            if ours != theirs:
                yield f"{place} ran {component} {theirs}, {first} {ours}"


def _overlaps(shards: Mapping[str, Run], parts: Mapping[str, Shard]) -> Iterator[str]:
    """Behaviours run by two shards, or by the wrong one: those are not the parts of one selection."""
    ids = {place: {behaviour.id for behaviour in run.behaviours} for place, run in shards.items()}
    everything = set[str]().union(*ids.values())
    for place, own in ids.items():
        for other, others in ids.items():
            if place < other and (both := sorted(own & others)):
                yield f"{place} and {other} have both made {', '.join(both)}"
    if len({shard.number for shard in parts.values()}) == next(iter(parts.values())).of:
        for place, own in ids.items():
            if own != parts[place].part(everything):
                yield f"{place}: is not shard {parts[place]} of what all of them made: not all selected the same"


def _cluster(header: Header) -> Any:
    """The part of the cluster's declaration that must be the same; its kubeconfig and `keep` may differ."""
    cluster = header.cluster
    return cluster.model_copy(update={"keep": False, "kubeconfig": cluster.kubeconfig.model_copy(update={"path": ""})})


def _words(value: Any) -> str:
    value = " ".join(words_of(value)) if isinstance(value, Mapping) else value
    return str(getattr(value, "name", value) or "none")

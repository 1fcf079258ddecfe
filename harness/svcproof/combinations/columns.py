"""The runs of a matrix as they are compared: a combination without a run has a column, too, with the reason."""

from collections.abc import Mapping, Sequence
from importlib.metadata import version

from svcproof.combinations.plan import Planned, State
from svcproof.combinations.record import Kept
from svcproof.model.combination import Combination
from svcproof.model.header import Header
from svcproof.model.run import Run


def runs(planned: Sequence[Planned], kept: Mapping[str, Kept], names: Mapping[str, str]) -> dict[str, Run]:
    """The run of each combination by its name, in their order."""
    return {names[entry.combination.id]: _run(entry, kept[entry.combination.id]) for entry in planned}


def _run(planned: Planned, kept: Kept) -> Run:
    if kept.run is not None and planned.state is not State.IMPOSSIBLE:
        return kept.run
    if planned.state is State.IMPOSSIBLE:
        reason = planned.why
    elif kept.record is not None:
        reason = kept.record.reason
    else:
        reason = kept.damage or "it was not run yet"
    return without_run(planned.combination, reason)


def without_run(combination: Combination, reason: str) -> Run:
    """A run of which there is nothing: no behaviour selected, no fact, no file, and the reason for which it ended."""
    header = Header(
        id=combination.id,
        started="",
        svcproof=version("svcproof"),
        cluster=combination.cluster,
        proxy=combination.proxy,
        cluster_given=combination.cluster_word,
        proxy_given=combination.proxy_word,
    )
    return Run(header=header, unfinished=reason)

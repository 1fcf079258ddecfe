"""A line for each kind of change: how long it took until all who looked saw what it brings about."""

from collections.abc import Iterator
from statistics import median

from rich.text import Text

from svcproof.model.behaviour import Part
from svcproof.model.convergence import ChangeKind, Convergence, convergences
from svcproof.model.fact import Finding
from svcproof.model.run import Run
from svcproof.printable import one_line
from svcproof.report.words import escaped


def measured(run: Run) -> tuple[Convergence, ...]:
    """The convergences of the proxy's behaviours that held: of what did not, waiting longer would show nothing."""
    concerned = {behaviour.id for behaviour in run.behaviours if behaviour.by is Part.PROXY}
    held = (fact for fact in run.facts if fact.id in concerned and fact.finding is Finding.CONFIRMED)
    return tuple(convergence for fact in held for convergence in convergences(fact))


def convergence_lines(run: Run) -> Iterator[Text]:
    """A line for each kind of change that the run has measured: median and worst, and where that was.

    A time is known to lie between two looks, the last that was wrong and the first that was right.
    """
    by_kind: dict[ChangeKind, list[tuple[float, Convergence]]] = {}
    for convergence in measured(run):
        if convergence.settled is not None:
            by_kind.setdefault(convergence.kind, []).append((convergence.settled, convergence))
    if by_kind:
        yield escaped("\nconvergence: after a change, all who looked saw it")
    for kind in (kind for kind in ChangeKind if kind in by_kind):
        times = by_kind[kind]
        worst, where = max(times, key=lambda entry: entry[0])
        place = one_line(where.behaviour + (f" from {where.vantage}" if where.vantage else ""))
        usual = f"  {kind}: median {median(time for time, _ in times):.2f} s of {len(times)}"
        yield escaped(f"{usual}, worst {where.last_wrong or 0:.2f}-{worst:.2f} s in {place}")

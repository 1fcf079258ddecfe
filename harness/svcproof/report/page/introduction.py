"""The first lines of the page: its title, its heading, and what it holds in a sentence."""

from collections import Counter
from collections.abc import Iterator, Mapping

from svcproof.model.judgement import FAILED, Observed
from svcproof.model.matrix import Matrix
from svcproof.model.movement import Movement
from svcproof.printable import clipped
from svcproof.report.comparison.words import about, differing, moves

HEADING = "What Service proxies keep of what Kubernetes promises"


def introduction(runs: Matrix, *, single: bool, moved: bool = False) -> Mapping[str, str]:
    """`title`, `heading` and `lead`."""
    if single:
        column = runs.columns[0]
        described = about(column)
        heading = f"{described['proxy']} on {described['cluster']}"
        return {"title": f"{clipped(heading)}: report", "heading": heading, "lead": ". ".join(_outcomes(runs)) + "."}
    names = ", ".join(column.name for column in runs.columns)
    differences = len(list(differing(runs)))
    lead = f"{_number(len(runs.rows), 'behaviour')} in {_number(len(runs.columns), 'run')}"
    differ = f". They differ in {differences}" if differences else ""
    if moved:
        lead, differ = _moved(runs), ""
    return {
        "title": f"Service proxies compared: {clipped(names)}",
        "heading": " since ".join(column.name for column in reversed(runs.columns)) if moved else HEADING,
        "lead": f"{lead}{differ}.",
    }


def _moved(runs: Matrix) -> str:
    """A sentence on what moved from the first of two runs to the second: regressions first, if there are none, too."""
    moved = {kind: len(entries) for kind, entries in moves(runs).items()}
    regressions = moved.pop(Movement.REGRESSION, 0)
    first = _number(regressions, "regression") if regressions else "No regressions"
    return ". ".join([first, *(f"{kind.capitalize()}: {number}" for kind, number in moved.items())])


def _outcomes(runs: Matrix) -> Iterator[str]:
    """Sentences on one run: how it ended, what failed, what could not be told."""
    column = runs.columns[0]
    observed = Counter(row.cells[0].observed for row in runs.rows)
    if not column.complete:
        yield f"The run is not complete: {about(column)['complete'].removeprefix('no: ')}"
    failed = sum(observed[each] for each in FAILED)
    holding = observed[Observed.PASS]
    hold = "holds" if holding == 1 else "hold"
    yield f"Of {_number(len(runs.rows), 'behaviour')}, {failed or 'none'} failed and {holding or 'none'} {hold}"
    if weak := observed[Observed.WEAK]:
        yield f"{weak} {'does' if weak == 1 else 'do'} not hold where nothing demands it: a warning"
    if unknown := observed[Observed.UNKNOWN]:
        yield f"Of {unknown} the run could not tell"
    if untestable := observed[Observed.UNTESTABLE]:
        yield f"{untestable} could not be tested here"
    if not_run := observed[Observed.NOT_RUN]:
        yield f"{not_run} were not run"


def _number(count: int, thing: str) -> str:
    return f"{count} {thing}" + ("" if count == 1 else "s")

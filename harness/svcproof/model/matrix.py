"""Several runs side by side, as one value: a row for each behaviour, a column for each run, a cell for both.

Pure functions of runs. Every report of several runs is a rendering of this value.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from svcproof.model.behaviour import Behaviour
from svcproof.model.fact import Fact
from svcproof.model.judgement import FAILED, TESTED, Expected, Judged, Judgement, Observed, expected, judgement
from svcproof.model.known_issue import KnownIssue
from svcproof.model.run import COMPLETED, Run
from svcproof.model.verdict import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One behaviour in one run: the judgement, the fact that decided it, and the issues known to be behind it."""

    judgement: Judgement
    fact: Fact | None = None
    issues: tuple[KnownIssue, ...] = ()

    @property
    def expected(self) -> Expected:
        """The expectation of this run's cluster and proxy."""
        return self.judgement.expected

    @property
    def observed(self) -> Observed:
        """The word of the run."""
        return self.judgement.observed

    @property
    def reason(self) -> str:
        """The reason in words, of some lines."""
        return self.judgement.reason

    @property
    def way(self) -> str:
        """The way that a MAY went."""
        return self.judgement.way

    @property
    def flagged(self) -> bool:
        """True where it holds, though the proxy does not claim it."""
        return self.judgement.flagged


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One run. `name` is no other's in its matrix; `why` says how it ended where it is not complete.

    `results` is the URL of its directory of results, with a slash at its end, as it is reached from where the matrix
    is shown; None where there is no evidence to be had.
    """

    name: str
    run: Run
    complete: bool
    why: str
    results: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One behaviour, with a cell for each column."""

    behaviour: Behaviour
    cells: tuple[Cell, ...]
    withdrawn: KnownIssue | None = None
    """The issue of the suite for which it counts for nobody until that is mended."""

    @property
    def differs(self) -> bool:
        """Two runs have shown different things; what one of them could not show is no difference."""
        shown = {(cell.observed, cell.way) for cell in self.cells if cell.observed in {*TESTED, Observed.RECORDED}}
        return len(shown) > 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """Numbers of rows that are to be expected in a column, MAYs not among them: none is counted that was not run.

    Rows that are withdrawn are in no number.

    `rows` are all of them; `tested` those of which something was shown; `shown` those that hold; `failed` those that
    failed, if only now and then; `unknown` those that came to no conclusion, by an error or a control that failed.
    """

    rows: int
    tested: int
    shown: int
    failed: int
    unknown: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """Runs side by side. Rows are in the order of area and id."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    def judged(self, column: int) -> Judged:
        """The judgements of the behaviours that a run selected, by the verdicts of this matrix."""
        judgements = {row.behaviour.id: row.cells[column].judgement for row in self.rows}
        return Judged(judgements=tuple(judgements[each.id] for each in self.columns[column].run.behaviours))

    def grouped(self, by: Callable[[Behaviour], str]) -> Mapping[str, tuple[Row, ...]]:
        """The rows of each group, groups by name."""
        groups: dict[str, list[Row]] = defaultdict(list)
        for row in self.rows:
            groups[by(row.behaviour)].append(row)
        return {name: tuple(rows) for name, rows in sorted(groups.items())}


def matrix(runs: Mapping[str, Run], verdicts: Mapping[str, Sequence[Verdict]] | None = None) -> Matrix:
    """Put runs side by side, in this order, by names that are all different.

    `verdicts` are those of a run by its name, where they are not by its own claims.
    """
    columns = tuple(
        Column(name=name, run=run, complete=run.why == COMPLETED, why=run.why) for name, run in runs.items()
    )
    judged = [(verdicts or {}).get(name) or run.verdicts() for name, run in runs.items()]
    by_ids = [{verdict.behaviour.id: verdict for verdict in of_run} for of_run in judged]
    behaviours: dict[str, Behaviour] = {}
    for run in sorted(runs.values(), key=lambda run: run.header.started):  # The latest suite describes a behaviour.
        behaviours |= {behaviour.id: behaviour for behaviour in run.behaviours}

    def row(behaviour: Behaviour) -> Row:
        cells = (
            _cell(behaviour, by_id.get(behaviour.id), run) for by_id, run in zip(by_ids, runs.values(), strict=True)
        )
        return Row(behaviour=behaviour, cells=tuple(cells))

    ordered = sorted(behaviours.values(), key=lambda behaviour: (behaviour.area, behaviour.id))
    return Matrix(columns=columns, rows=tuple(map(row, ordered)))


def with_issues(of: Matrix, issues: Sequence[KnownIssue]) -> Matrix:
    """Put to each cell that a run selected the issues that are known of it, and withdraw rows that are wrong."""
    by_behaviour: dict[str, list[KnownIssue]] = defaultdict(list)
    for issue in issues:
        by_behaviour[issue.behaviour].append(issue)

    def row(plain: Row) -> Row:
        known = by_behaviour.get(plain.behaviour.id, [])
        cells = (_with_issues(cell, column, known) for cell, column in zip(plain.cells, of.columns, strict=True))
        withdrawn = next((issue for issue in known if issue.withdraws), None)
        return replace(plain, cells=tuple(cells), withdrawn=withdrawn) if known else plain

    return replace(of, rows=tuple(map(row, of.rows)))


def with_results(of: Matrix, results: Mapping[str, str]) -> Matrix:
    """Put to each column the URL of its directory of results, by the column's name."""
    return replace(of, columns=tuple(replace(column, results=results.get(column.name)) for column in of.columns))


def _with_issues(cell: Cell, column: Column, known: Sequence[KnownIssue]) -> Cell:
    proxy = column.run.header.proxy
    versions = {proxy.version, *column.run.proxy_versions.values()}
    issues = tuple(issue for issue in known if issue.is_about(proxy.name, versions))
    return cell if cell.observed is Observed.NO_RUN else replace(cell, issues=issues)


def count(rows: Sequence[Row], column: int) -> Count:
    """Count the cells of one column in these rows."""
    cells = list(_counted(rows, column))
    return Count(
        rows=len(cells),
        tested=sum(cell.observed in TESTED for cell in cells),
        shown=sum(cell.observed is Observed.PASS for cell in cells),
        failed=sum(cell.observed in FAILED for cell in cells),
        unknown=sum(cell.observed is Observed.UNKNOWN for cell in cells),
    )


def _counted(rows: Sequence[Row], column: int) -> Iterator[Cell]:
    for row in rows:
        if row.withdrawn:
            continue
        cell = row.cells[column]
        if cell.observed is not Observed.NO_RUN and cell.expected not in {Expected.MAY, Expected.NOT_PROMISED}:
            yield cell


def _cell(behaviour: Behaviour, verdict: Verdict | None, run: Run) -> Cell:
    claims, releases = run.header.proxy.claims, run.releases
    if verdict is None:
        promised = expected(behaviour, claims, releases)
        return Cell(judgement=Judgement(id=behaviour.id, expected=promised, observed=Observed.NO_RUN))
    return Cell(judgement=judgement(verdict, claims, releases), fact=verdict.fact)

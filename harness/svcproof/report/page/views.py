"""The values that the templates of the page show: columns, groups of rows, cells. Pure functions of a matrix."""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from svcproof.model.behaviour import Behaviour
from svcproof.model.judgement import Expected, Observed
from svcproof.model.keps import kept_by
from svcproof.model.known_issue import KnownIssue
from svcproof.model.matrix import Cell, Column, Count, Matrix, Row, count
from svcproof.model.run import KEY
from svcproof.report.comparison.words import GLYPHS, GROUPS, about, in_full
from svcproof.report.page.outcomes import OUTCOMES, outcome
from svcproof.report.words import gist

BASE = "base"
"""The name, in links, of what no enhancement promises."""
SHORT: Mapping[Expected, str] = {
    Expected.MUST: "must",
    Expected.SHOULD: "should",
    Expected.MAY: "may",
    Expected.DEVIATION: "deviation",
    Expected.NOT_CLAIMED: "unclaimed",
    Expected.NOT_PROMISED: "not yet",
}
"""The words of the first mark of a cell, which has little room."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnView:
    """The head of a column; `key` names the run in links, `about` describes it; a complete run has no `state`."""

    key: str
    name: str
    about: Mapping[str, str]
    complete: bool
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CellView:
    """A cell: two marks, in glyph and words, and `label` for who hears them."""

    key: str
    expected: Expected
    short: str
    observed: Observed
    glyph: str
    word: str
    way: str
    flagged: bool
    label: str
    why: str
    issues: tuple[KnownIssue, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RowView:
    """A behaviour with its cells."""

    behaviour: Behaviour
    kep: str
    cells: tuple[CellView, ...]
    differs: bool
    withdrawn: KnownIssue | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupView:
    """A group of rows; `key` names it in links, and `counts` has one for each column.

    Of an enhancement, `kept_by` is who keeps it in the words of KEP-5922, and `in_full` how many of the runs do.
    """

    key: str
    title: str
    kept_by: str
    in_full: str
    rows: tuple[RowView, ...]
    counts: tuple[Count, ...]


def columns(matrix: Matrix) -> tuple[ColumnView, ...]:
    """The heads of the columns."""
    return tuple(
        ColumnView(key=key, name=column.name, about=about(column), complete=column.complete, state=_state(column))
        for key, column in zip(keys(matrix.columns), matrix.columns, strict=True)
    )


def _state(column: Column) -> str:
    """The state of a run in two words; empty for a complete one."""
    if column.complete:
        return ""
    return "not complete" if column.run.behaviours else "no run"


def keys(of: Sequence[Column]) -> tuple[str, ...]:
    """The names of runs in links, each another: the beginning of the digest of its file, or, before that, of its id's.

    A run that stands in several columns has a number from the second one on.
    """
    names: list[str] = []
    for column in of:
        run = column.run
        key = run.key or sha256(run.header.id.encode("utf-8", "surrogatepass")).hexdigest()[:KEY]
        again = sum(name.split("-")[0] == key for name in names)
        names.append(f"{key}-{again + 1}" if again else key)
    return tuple(names)


def groups(matrix: Matrix, by: str) -> tuple[GroupView, ...]:
    """The rows in groups: by `kep`, `area`, `level` or `outcome`."""
    named: Callable[[Row], str] = outcome if by == "outcome" else lambda row: GROUPS[by](row.behaviour)
    rows: dict[str, list[Row]] = {title: [] for title in OUTCOMES} if by == "outcome" else {}
    for row in matrix.rows:
        rows.setdefault(named(row), []).append(row)
    titles = list(rows) if by == "outcome" else sorted(rows, key=lambda title: _place(rows[title][0], by, title))
    runs = keys(matrix.columns)
    return tuple(_group(title, rows[title], by, matrix, runs) for title in titles if rows[title])


def _place(row: Row, by: str, title: str) -> tuple[int, str]:
    """The place of a group: enhancements by their numbers, the base API after them, all else by title."""
    if by != "kep":
        return 0, title
    return (row.behaviour.kep, "") if row.behaviour.kep else (sys.maxsize, title)


def _group(title: str, rows: Sequence[Row], by: str, matrix: Matrix, runs: Sequence[str]) -> GroupView:
    of = matrix.columns
    return GroupView(
        key=kep_key(rows[0].behaviour) if by == "kep" else title,
        title=title,
        kept_by=kept_by(rows[0].behaviour.kep) if by == "kep" else "",
        in_full=in_full(matrix, rows) if by == "kep" and len(of) > 1 else "",
        rows=tuple(_row(row, of, runs) for row in rows),
        counts=tuple(count(rows, number) for number in range(len(of))),
    )


def kep_key(behaviour: Behaviour) -> str:
    """The enhancement of a behaviour in links: its number, or `base`."""
    return str(behaviour.kep) if behaviour.kep else BASE


def _row(row: Row, of: Sequence[Column], runs: Sequence[str]) -> RowView:
    return RowView(
        behaviour=row.behaviour,
        kep=kep_key(row.behaviour),
        cells=tuple(_cells(row, of, runs)),
        differs=row.differs,
        withdrawn=row.withdrawn,
    )


def _cells(row: Row, of: Sequence[Column], runs: Sequence[str]) -> Iterator[CellView]:
    for cell, column, run in zip(row.cells, of, runs, strict=True):
        way = gist(cell.way) if cell.way else ""
        yield CellView(
            key=run,
            expected=cell.expected,
            short=SHORT[cell.expected],
            observed=cell.observed,
            glyph=GLYPHS[cell.observed],
            word=way or cell.observed,
            way=way,
            flagged=cell.flagged,
            label=_label(row.behaviour.id, column.name, cell, way),
            why=why(cell),
            issues=cell.issues,
        )


def _label(behaviour: str, run: str, cell: Cell, way: str) -> str:
    more = f" {way}" if way else ", though not claimed" if cell.flagged else ""
    more += ", with a known issue" if cell.issues else ""
    return f"{behaviour}, {run}: expected {cell.expected}, observed {cell.observed}{more}"


def why(cell: Cell) -> str:
    """The reason in a line: the first thing that diverged, where that is known."""
    if cell.fact and cell.fact.divergence and cell.observed is not Observed.PASS:
        return cell.fact.divergence.sentence
    return "" if cell.way else gist(cell.reason)

"""A comparison on a terminal."""

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from svcproof.model.judgement import FAILED, Observed
from svcproof.model.matrix import Cell, Matrix, Row, count
from svcproof.model.movement import Movement
from svcproof.printable import one_line
from svcproof.report.comparison.words import (
    ABOUT,
    about,
    differing,
    grouped,
    issue_lines,
    mark,
    movement_line,
    moves,
    parted,
    shown,
    totals,
    unlike,
)
from svcproof.report.words import escaped

MOST_COLUMNS = 6
"""Runs that have room side by side."""
STYLES = {
    Observed.FAIL: "bold red",
    Observed.FLAKY: "bold red",
    Observed.WEAK: "yellow",
    Observed.DEVIATES: "yellow",
    Observed.UNKNOWN: "magenta",
    Observed.PASS: "green",
    Observed.RECORDED: "cyan",
}


def render(matrix: Matrix, by: str, *, moved: bool = False) -> RenderableType:
    """Runs side by side: what they are, how much of each group they show, and where they differ.

    With `moved` it is the later of two runs against the earlier: what moved, each kind by itself.
    """
    if moved:
        return _against(matrix)
    compared = _many(matrix) if len(matrix.columns) > MOST_COLUMNS else _compared(matrix, by)
    known = [escaped(one_line(f"  {text}")) for text in issue_lines(matrix)]
    return Group(compared, escaped("\nknown issues"), *known) if known else compared


def _compared(matrix: Matrix, by: str) -> RenderableType:
    return Group(_runs(matrix), Text(), _groups(matrix, by), Text(), *_differences(matrix))


def _many(matrix: Matrix) -> RenderableType:
    """More runs than have room side by side: a line for each, and for each difference who shows what."""
    table = Table(box=None, header_style="bold", pad_edge=False)
    for title in ("run", "shown", "failed", "complete"):
        table.add_column(title, overflow="fold")
    for number, column in enumerate(matrix.columns):
        failed = sum(row.cells[number].observed in FAILED for row in matrix.rows)
        texts = (column.name, shown(count(matrix.rows, number), column), str(failed), about(column)["complete"])
        table.add_row(*(escaped(one_line(text)) for text in texts))
    rows = [matrix.rows[number] for number in differing(matrix)]
    title = f"They differ in {len(rows)} of {len(matrix.rows)}:" if rows else "No behaviour is shown to differ."
    return Group(table, Text(), escaped(title), *(line for row in rows for line in _who_shows(matrix, row)))


def _who_shows(matrix: Matrix, row: Row) -> Iterator[Text]:
    """A behaviour, and the runs that show each thing of it."""
    yield escaped(f"  {one_line(row.behaviour.id)}")
    for word, numbers in parted(row).items():
        yield escaped(one_line(f"    {word}: {', '.join(matrix.columns[number].name for number in numbers)}"))


def _against(matrix: Matrix) -> RenderableType:
    moved = moves(matrix)
    lines = [] if Movement.REGRESSION in moved else [escaped("no regressions")]
    for movement, entries in moved.items():
        lines += [escaped(f"{movement} ({len(entries)})"), *(escaped(f"  {movement_line(entry)}") for entry in entries)]
    return Group(*lines, *map(escaped, totals(matrix)), *(escaped(text, "dim") for text in unlike(matrix)))


def _runs(matrix: Matrix) -> Table:
    table = _table(matrix, "run")
    for what in ABOUT:
        table.add_row(what, *(escaped(one_line(about(column)[what])) for column in matrix.columns))
    return table


def _groups(matrix: Matrix, by: str) -> Table:
    table = _table(matrix, f"shown, by {by}")
    for group, rows in grouped(matrix, by).items():
        cells = (shown(count(rows, number), column) for number, column in enumerate(matrix.columns))
        table.add_row(escaped(one_line(group)), *map(escaped, cells))
    return table


def _differences(matrix: Matrix) -> Iterator[RenderableType]:
    numbers = list(differing(matrix))
    if not numbers:
        yield escaped("No behaviour is shown to differ." if len(matrix.columns) > 1 else "One run: nothing to compare.")
        return
    table = _table(matrix, f"they differ in {len(numbers)} of {len(matrix.rows)}")
    for row in (matrix.rows[number] for number in numbers):
        table.add_row(escaped(one_line(row.behaviour.id)), *map(_marked, row.cells))
    yield table


def _marked(cell: Cell) -> Text:
    return escaped(one_line(mark(cell)), STYLES.get(cell.observed, "dim"))


def _table(matrix: Matrix, title: str) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False)
    table.add_column(escaped(title), overflow="fold")
    for column in matrix.columns:
        table.add_column(escaped(one_line(column.name)), overflow="fold")
    return table

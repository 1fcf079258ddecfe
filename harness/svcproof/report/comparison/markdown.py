"""A comparison as Markdown, for a pull request or a page: the same numbers and words as on a terminal."""

import re
from collections.abc import Iterable, Iterator

from svcproof.model.matrix import Matrix, count
from svcproof.printable import one_line
from svcproof.report.comparison.words import (
    ABOUT,
    GROUPS,
    about,
    differing,
    mark,
    movement_line,
    moves,
    shown,
    totals,
    unlike,
)

SPECIAL = re.compile(r"([\\`*_{}\[\]<>&|~#!$])")


def compared(matrix: Matrix, by: str) -> str:
    """Runs side by side: what they are, how much of each group they show, and where they differ."""
    names = [column.name for column in matrix.columns]
    said = [about(column) for column in matrix.columns]
    lines = list(_table(["run", *names], ([what, *(each[what] for each in said)] for what in ABOUT)))
    groups = {**matrix.grouped(GROUPS[by]), "all": matrix.rows}
    counted = (
        [group, *(shown(count(rows, number), column) for number, column in enumerate(matrix.columns))]
        for group, rows in groups.items()
    )
    lines += ["", *_table([f"shown, by {by}", *names], counted), ""]
    rows = [matrix.rows[number] for number in differing(matrix)]
    if rows:
        title = f"they differ in {len(rows)} of {len(matrix.rows)}"
        lines += _table([title, *names], ([row.behaviour.id, *map(mark, row.cells)] for row in rows))
    else:
        lines.append("No behaviour is shown to differ.")
    return "\n".join(lines) + "\n"


def against(matrix: Matrix) -> str:
    """The later run against the earlier: a list for each kind of movement."""
    lines: list[str] = []
    for movement, entries in moves(matrix).items():
        listed = (f"* {escaped(movement_line(entry))}" for entry in entries)
        lines += [f"### {escaped(movement)} ({len(entries)})", "", *listed, ""]
    lines += [f"* {escaped(text)}" for text in (*totals(matrix), *unlike(matrix))]
    return "\n".join(lines) + "\n"


def escaped(text: str) -> str:
    """A text on one line of which Markdown and HTML obey nothing."""
    return SPECIAL.sub(r"\\\1", one_line(text))


def _table(heading: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    cells = [escaped(cell) for cell in heading]
    yield f"| {' | '.join(cells)} |"
    yield f"|{'---|' * len(cells)}"
    for row in rows:
        yield f"| {' | '.join(escaped(cell) for cell in row)} |"

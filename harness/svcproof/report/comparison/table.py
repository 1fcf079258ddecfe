"""A comparison as CSV, with a row for each behaviour and three columns for each run: all of it, for other programs."""

import csv
import io

from svcproof.model.matrix import Matrix
from svcproof.printable import one_line

FORMULA = ("=", "+", "-", "@")
"""A spreadsheet would compute what begins so."""


def compared(matrix: Matrix) -> str:
    """Every behaviour in every run: what was expected, what was observed, and why."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    of_runs = [f"{column.name}: {what}" for column in matrix.columns for what in ("expected", "observed", "reason")]
    writer.writerow(map(_plain, ["behaviour", "area", "level", "kep", "since", "requirement", *of_runs]))
    for row in matrix.rows:
        about = row.behaviour
        kep = str(about.kep) if about.kep else ""
        cells = [text for cell in row.cells for text in (cell.expected, cell.observed, cell.reason)]
        writer.writerow(map(_plain, [about.id, about.area, about.level, kep, about.since, about.requirement, *cells]))
    return text.getvalue()


def _plain(value: str) -> str:
    line = one_line(value)
    return f"'{line}" if line.startswith(FORMULA) else line

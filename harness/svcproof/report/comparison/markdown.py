"""A comparison as Markdown, for a pull request or a page: the same numbers and words as on a terminal."""

from collections.abc import Iterable, Sequence

from svcproof.model.keps import kept_by
from svcproof.model.matrix import Matrix, Row, count
from svcproof.model.movement import Movement
from svcproof.report.comparison.words import (
    ABOUT,
    IN_FULL,
    KEPT_BY,
    about,
    differing,
    grouped,
    in_full,
    issue_lines,
    mark,
    movement_line,
    moves,
    shown,
    totals,
    unasked_line,
    unlike,
)
from svcproof.report.markdown import escaped, table


def compared(matrix: Matrix, by: str) -> str:
    """Runs side by side: what they are, how much of each group they show, and where they differ."""
    names = [column.name for column in matrix.columns]
    descriptions = [about(column) for column in matrix.columns]
    lines = list(
        table(["run", *names], ([what, *(description[what] for description in descriptions)] for what in ABOUT))
    )
    lines += ["", *_groups(matrix, by), ""]
    if by == "kep" and (sentence := unasked_line(matrix)):
        lines += [escaped(sentence), ""]
    rows = [matrix.rows[number] for number in differing(matrix)]
    if rows:
        title = f"they differ in {len(rows)} of {len(matrix.rows)}"
        lines += table([title, *names], ([row.behaviour.id, *map(mark, row.cells)] for row in rows))
    else:
        lines.append("No behaviour is shown to differ.")
    if known := [f"* {escaped(text)}" for text in issue_lines(matrix)]:
        lines += ["", "Known issues:", "", *known]
    return "\n".join(lines) + "\n"


def _groups(matrix: Matrix, by: str) -> Iterable[str]:
    """The numbers of each group; of enhancements, who keeps them in the words of KEP-5922, and how many runs do."""
    of_keps = [KEPT_BY, IN_FULL] if by == "kep" else []
    heading = [f"shown, by {by}", *of_keps, *(column.name for column in matrix.columns)]

    def line(group: str, rows: Sequence[Row]) -> list[str]:
        keepers = kept_by(rows[0].behaviour.kep) if rows is not matrix.rows else ""
        kept = [keepers, in_full(matrix, rows)] if by == "kep" else []
        return [group, *kept, *(shown(count(rows, number), column) for number, column in enumerate(matrix.columns))]

    return table(heading, (line(group, rows) for group, rows in grouped(matrix, by).items()))


def against(matrix: Matrix) -> str:
    """The later run against the earlier: a list for each kind of movement."""
    moved = moves(matrix)
    lines = [] if Movement.REGRESSION in moved else ["No regressions.", ""]
    for movement, entries in moved.items():
        listed = (f"* {escaped(movement_line(entry))}" for entry in entries)
        lines += [f"### {escaped(movement)} ({len(entries)})", "", *listed, ""]
    lines += [f"* {escaped(text)}" for text in (*totals(matrix), *unlike(matrix))]
    return "\n".join(lines) + "\n"

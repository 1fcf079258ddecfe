"""The words, glyphs and groups of a comparison, the same in each of its renderings."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence

from svcproof.model.behaviour import Behaviour
from svcproof.model.judgement import Observed
from svcproof.model.keps import BASE, called, unasked
from svcproof.model.known_issue import KnownIssue
from svcproof.model.matrix import Cell, Column, Count, Matrix, Row, count
from svcproof.model.movement import Moved, Movement, movements
from svcproof.report.words import gist

GLYPHS: Mapping[Observed, str] = {
    Observed.NO_RUN: "",
    Observed.NOT_RUN: "·",
    Observed.UNTESTABLE: "–",  # noqa: RUF001
    Observed.DECLINED: "○",
    Observed.RECORDED: "i",
    Observed.UNKNOWN: "?",
    Observed.PASS: "✓",
    Observed.DEVIATES: "≠",
    Observed.WEAK: "!",
    Observed.FLAKY: "~",
    Observed.FAIL: "✗",
}
GROUPS: Mapping[str, Callable[[Behaviour], str]] = {
    "kep": lambda behaviour: called(behaviour.kep) if behaviour.kep else BASE,
    "area": lambda behaviour: behaviour.area,
    "level": lambda behaviour: str(behaviour.level),
}
"""The groups that rows can be put into."""
KEPT_BY = "kept by, says KEP-5922"
"""The heading over what KEP-5922 says of each enhancement."""
IN_FULL = "in full, here"
"""The heading over how many of the runs show all of an enhancement that they tested."""
ABOUT = ("proxy", "components", "cluster", "kubernetes", "kernel", "svcproof", "date", "complete")
"""The lines that describe each run."""

OWN = frozenset({"kubernetes", "kernel"})
"""Components that have a line of their own."""


def about(column: Column) -> dict[str, str]:
    """The description of a run, by the words of ABOUT."""
    header, versions = column.run.header, column.run.all_versions
    return {
        "proxy": header.proxy.name + header.with_faults,
        "components": ", ".join(
            f"{name} {version}" for name, version in column.run.versions.items() if name not in OWN
        ),
        "cluster": header.cluster.name,
        "kubernetes": versions.get("kubernetes", ""),
        "kernel": versions.get("kernel", ""),
        "svcproof": header.svcproof,
        "date": header.started[:10],
        "complete": "yes" if column.complete else f"no: {gist(column.why)}",
    }


def mark(cell: Cell) -> str:
    """The observation of a cell, by glyph and word; of a MAY, the way it goes."""
    return f"{GLYPHS[cell.observed]} {gist(cell.way) if cell.way else cell.observed}".strip()


def parted(row: Row) -> Mapping[str, Sequence[int]]:
    """The numbers of the columns that show each thing of a behaviour, by its mark; a run without it is in none."""
    parts: dict[str, list[int]] = defaultdict(list)
    for number, cell in enumerate(row.cells):
        if cell.observed is not Observed.NO_RUN:
            parts[mark(cell)].append(number)
    return parts


def grouped(matrix: Matrix, by: str) -> Mapping[str, Sequence[Row]]:
    """The rows of each of GROUPS by its name, and `all` of them last."""
    return {**matrix.grouped(GROUPS[by]), "all": matrix.rows}


def shown(count: Count, column: Column) -> str:
    """The number of the rows of a column that hold, and of those not shown; none for a run that is not complete."""
    if not count.rows:
        return "-"
    if not column.complete:
        return "incomplete"
    unknown = f", {count.unknown} unknown" if count.unknown else ""
    here = f", {count.rows - count.tested - count.unknown} not shown here"
    rest = here if count.rows - count.tested - count.unknown else ""
    return f"{count.shown} of {count.tested}{unknown}{rest}"


def in_full(matrix: Matrix, rows: Sequence[Row]) -> str:
    """The runs that show all that they tested of some rows, of those that tested any; empty where none did."""
    counts = [count(rows, number) for number, column in enumerate(matrix.columns) if column.complete]
    tested = [each for each in counts if each.tested or each.unknown]
    full = [each for each in tested if each.shown == each.tested and not each.unknown]
    return f"{len(full)} of {len(tested)} runs" if tested else ""


def movement_line(entry: Moved) -> str:
    """A behaviour's movement in one line."""
    reason = gist(entry.after.reason) if entry.after.reason and not entry.after.way else ""
    change = f"{entry.row.behaviour.id}: {mark(entry.before)} -> {mark(entry.after)}"
    return f"{change}: {reason}" if reason else change


def moves(matrix: Matrix) -> Mapping[Movement, tuple[Moved, ...]]:
    """The behaviours that moved, by the kind of their movement; kinds that none is of are left out."""
    return {kind: moved for kind, moved in movements(matrix).items() if moved and kind is not Movement.SAME}


def totals(matrix: Matrix) -> Iterator[str]:
    """A line for each run: how many of its behaviours it shows. One more for what each tested, where that differs."""
    for number, column in enumerate(matrix.columns):
        yield f"{column.name} shows {shown(count(matrix.rows, number), column)}"
    numbers = range(len(matrix.columns))
    shared = [row for row in matrix.rows if all(count((row,), number).tested for number in numbers)]
    is_alike = all(count(matrix.rows, number).tested == len(shared) for number in numbers)
    if shared and not is_alike and all(column.complete for column in matrix.columns):
        each = (f"{column.name} shows {count(shared, number).shown}" for number, column in enumerate(matrix.columns))
        yield f"not the same behaviours were tested; of the {len(shared)} that were in each run, {', '.join(each)}"


def unlike(matrix: Matrix) -> Iterator[str]:
    """Sentences on what the runs do not have in common, so that not all that moved is the proxy's doing."""
    described = [about(column) for column in matrix.columns]
    components = dict.fromkeys(name for column in matrix.columns for name in column.run.versions if name not in OWN)
    lines = ("proxy", "cluster", "kubernetes", "kernel", "svcproof")
    values_of = {what: [each[what] for each in described] for what in lines}
    values_of |= {name: [column.run.versions.get(name, "none") for column in matrix.columns] for name in components}
    for what, values in values_of.items():
        if len(set(values)) > 1:
            named = (
                f"{value or 'unknown'} ({column.name})" for value, column in zip(values, matrix.columns, strict=True)
            )
            yield f"not the same {what}: {', '.join(named)}"
    headers = {column.name: column.run.header for column in matrix.columns}
    if len({header.suite for header in headers.values()}) > 1:
        yield "not the same suite or selection: the runs are compared over the behaviours that both selected"
    claims = {name: header.proxy.claims.features for name, header in headers.items()}
    for name, features in claims.items():
        if own := features - frozenset.intersection(*claims.values()):
            yield f"{name} alone claims {', '.join(sorted(own))}"


def differing(matrix: Matrix) -> Iterator[int]:
    """The numbers of the rows in which two runs have shown different things."""
    return (number for number, row in enumerate(matrix.rows) if row.differs)


def issue_lines(matrix: Matrix) -> Iterator[str]:
    """A line for each known issue, with the runs that it is about; one of the suite withdraws its row."""
    for row in matrix.rows:
        runs: dict[KnownIssue, list[str]] = {}
        for column, cell in zip(matrix.columns, row.cells, strict=True):
            for issue in cell.issues:
                runs.setdefault(issue, []).append(column.name)
        for issue, names in runs.items():
            about_it = f"{row.behaviour.id}: {issue.url} ({issue.target}, {issue.state}), in {', '.join(names)}"
            yield f"{about_it}; the check is wrong, and counts for nobody" if issue.withdraws else about_it


def unasked_line(matrix: Matrix) -> str:
    """A sentence on the enhancements of KEP-5922 of which no behaviour is there; empty where there is one of each."""
    keps = unasked(row.behaviour.kep for row in matrix.rows)
    named = (f"{called(kep.number)} ({kep.kept_by})" for kep in keps)
    return f"Listed by KEP-5922, and not asked by any behaviour here: {', '.join(named)}." if keps else ""

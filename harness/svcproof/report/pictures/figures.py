"""Figures of a page: each a title, its numbers as a table, and a picture of them where matplotlib is installed."""

from collections.abc import Sequence
from dataclasses import dataclass

from svcproof.model.matrix import Matrix
from svcproof.printable import one_line
from svcproof.report.pictures.drawing import drawn
from svcproof.report.pictures.strips import Strip, strips

HEADINGS = ("measured", "median", "slowest", "looks apart", "slowest in")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure. `svg` is empty where there is no matplotlib; `rows` has a name and a text for each of HEADINGS."""

    title: str
    svg: str
    rows: tuple[tuple[str, ...], ...]


def figures(matrix: Matrix) -> tuple[Figure, ...]:
    """The figures of convergence of these runs; none where nothing was measured."""
    return tuple(_figure(title, rows) for title, rows in strips(matrix).items())


def _figure(title: str, rows: Sequence[Strip]) -> Figure:
    table = tuple(_numbers(row) for row in rows)
    words = f"{title}: " + "; ".join(
        f"{name}, median {middle}, slowest {worst}" for name, _, middle, worst, *_ in table
    )
    try:
        svg = drawn(title, rows, words)
    except ImportError:
        svg = ""
    return Figure(title=title, svg=svg, rows=table)


def _numbers(row: Strip) -> tuple[str, ...]:
    count = str(len(row.times))
    return (
        one_line(row.name),
        count,
        _between(row.median),
        _between(row.worst),
        _time(row.apart),
        one_line(row.worst_at),
    )


def _between(time: tuple[float, float]) -> str:
    low, high = map(_time, time)
    return high if low == high else f"{low} to {high}"


def _time(seconds: float) -> str:
    return f"{1000 * seconds:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"

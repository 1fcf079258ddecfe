"""Figures of a page: each a title, its numbers as a table, and a picture of them where matplotlib is installed."""

from collections.abc import Sequence
from dataclasses import dataclass

from svcproof.model.matrix import Matrix
from svcproof.printable import one_line
from svcproof.report.pictures.drawing import drawn
from svcproof.report.pictures.gaps import Gaps, gaps
from svcproof.report.pictures.strips import Strip, strips

OF_CHANGES = ("measured", "median", "slowest", "looks apart", "slowest in")
OF_GAPS = ("streams", "sent", "lost", "median gap", "longest gap", "longest in")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure. `svg` is empty where there is no matplotlib; `rows` has a name and a text for each of `headings`."""

    title: str
    svg: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def figures(matrix: Matrix) -> tuple[Figure, ...]:
    """The figures of convergence of these runs; none where nothing was measured."""
    return tuple(_of_changes(title, rows) for title, rows in strips(matrix).items())


def disruptions(matrix: Matrix) -> tuple[Figure, ...]:
    """The figures of traffic that was lost while something else happened; none where every try was answered."""
    return tuple(_of_gaps(name.replace("_", " "), rows) for name, rows in gaps(matrix).items())


def _of_changes(title: str, rows: Sequence[Strip]) -> Figure:
    words = "; ".join(
        f"{one_line(row.name)}, median {_between(row.median)}, slowest {_between(row.worst)}" for row in rows
    )
    return Figure(
        title=title,
        svg=_picture(title, rows, f"{title}: {words}"),
        headings=OF_CHANGES,
        rows=tuple(
            (
                one_line(row.name),
                str(len(row.times)),
                _between(row.median),
                _between(row.worst),
                _time(row.apart),
                one_line(row.worst_at),
            )
            for row in rows
        ),
    )


def _of_gaps(title: str, rows: Sequence[Gaps]) -> Figure:
    words = "; ".join(
        f"{one_line(row.name)}, {row.lost} of {row.sent} lost, longest gap {_gap(row.worst)}" for row in rows
    )
    return Figure(
        title=title,
        svg=_picture(title, rows, f"{title}: {words}", nothing="none"),
        headings=OF_GAPS,
        rows=tuple(
            (
                one_line(row.name),
                str(len(row.times)),
                str(row.sent),
                str(row.lost),
                _gap(row.median),
                _gap(row.worst),
                one_line(row.worst_at),
            )
            for row in rows
        ),
    )


def _picture(title: str, rows: Sequence[Strip], words: str, nothing: str = "") -> str:
    try:
        return drawn(title, rows, words, nothing)
    except ImportError:
        return ""


def _between(time: tuple[float, float]) -> str:
    low, high = map(_time, time)
    return high if low == high else f"{low} to {high}"


def _gap(time: tuple[float, float]) -> str:
    return _between(time) if time[1] else "none"


def _time(seconds: float) -> str:
    return f"{1000 * seconds:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"

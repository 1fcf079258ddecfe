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


@dataclass(frozen=True, slots=True, kw_only=True)
class Disruptions:
    """A figure for each check that kept sending and lost something in a run; `undisturbed` are those that lost none."""

    figures: tuple[Figure, ...]
    undisturbed: tuple[str, ...]


def figures(matrix: Matrix) -> tuple[Figure, ...]:
    """The figures of convergence of these runs; none where nothing was measured."""
    return tuple(_of_changes(title, rows) for title, rows in strips(matrix).items())


def disruptions(matrix: Matrix) -> Disruptions:
    """The figures of traffic that was lost while something else happened, and the names of checks that lost none."""
    named = {name.replace("_", " "): rows for name, rows in gaps(matrix).items()}
    lossy = {name: rows for name, rows in named.items() if any(row.lost for row in rows)}
    return Disruptions(
        figures=tuple(_of_gaps(name, rows) for name, rows in lossy.items()),
        undisturbed=tuple(name for name in named if name not in lossy),
    )


def _of_changes(title: str, rows: Sequence[Strip]) -> Figure:
    numbers = [(str(len(row.times)), _between(row.median), _between(row.worst), _time(row.apart)) for row in rows]
    texts = [f"median {middle}, slowest {worst}" for _, middle, worst, _ in numbers]
    return _figure(title, rows, OF_CHANGES, numbers, texts)


def _of_gaps(title: str, rows: Sequence[Gaps]) -> Figure:
    numbers = [(str(len(row.times)), str(row.sent), str(row.lost), _gap(row.median), _gap(row.worst)) for row in rows]
    texts = [f"{lost} of {sent} lost, longest gap {worst}" for _, sent, lost, _, worst in numbers]
    return _figure(title, rows, OF_GAPS, numbers, texts, nothing="none")


def _figure(
    title: str,
    rows: Sequence[Strip],
    headings: tuple[str, ...],
    numbers: Sequence[tuple[str, ...]],
    texts: Sequence[str],
    nothing: str = "",
) -> Figure:
    """The figure of some rows; `numbers` has what stands between the name of each and its worst place."""
    names = [one_line(row.name) for row in rows]
    words = "; ".join(f"{name}, {text}" for name, text in zip(names, texts, strict=True))
    return Figure(
        title=title,
        svg=_picture(title, rows, f"{title}: {words}", nothing),
        headings=headings,
        rows=tuple(
            (name, *of_row, one_line(row.worst_at)) for name, of_row, row in zip(names, numbers, rows, strict=True)
        ),
    )


def _picture(title: str, rows: Sequence[Strip], words: str, nothing: str) -> str:
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

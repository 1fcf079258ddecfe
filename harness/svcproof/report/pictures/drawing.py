"""Drawings of strips by matplotlib, as SVG that may stand in a page: in the page's own colour and font, without styles.

Nothing here opens a window, and the same strips give the same bytes.
"""

import logging
import math
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import StringIO
from typing import TYPE_CHECKING, Any

from svcproof.printable import one_line
from svcproof.report.pictures.strips import Strip
from svcproof.report.pictures.svg import inlined

if TYPE_CHECKING:
    from matplotlib.axes import Axes

INK = "#010203"
"""Drawn in, and then made the colour of the text around the picture."""
FIRST, LAST = 0.001, 30.0
"""Seconds at the ends of the axis, which is logarithmic; what is faster stands at its beginning."""
TICKS = {0.001: "1 ms", 0.01: "10 ms", 0.1: "0.1 s", 1.0: "1 s", 10.0: "10 s"}
PLACES = 90
"""Places of the axis at which a mark may stand: marks that would cover each other are one."""
WIDTH, LABELS, ROW, FOOT = 4.5, 1.75, 0.21, 0.3
"""Inches: of the picture, of the names in it, of a row, of the axis' numbers."""
HEAD, TAIL = 13, 10
"""Characters that are kept of a name too long: its beginning, and its end, in which names of versions differ."""
SETTINGS = {
    "svg.fonttype": "none",
    "text.parse_math": False,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "font.size": 9.0,
    "path.simplify": False,
}


def drawn(title: str, rows: Sequence[Strip], words: str, nothing: str = "") -> str:
    """Draw the strips of one picture; `words` say the same to who does not see it.

    `nothing` is the name of the axis' beginning, where a time of 0 stands; without it, that is its shortest time.
    Raises ImportError where there is no matplotlib. A mark is one time, as of one vantage after one change; the bar is
    where the median lies, from look to look.
    """
    with _quiet():
        from matplotlib import rc_context, rcdefaults
        from matplotlib.backends.backend_svg import FigureCanvasSVG
        from matplotlib.figure import Figure

        with rc_context():
            rcdefaults()
            settings: Any = {**SETTINGS, "svg.hashsalt": title}
            with rc_context(settings):
                height = ROW * len(rows) + FOOT
                figure = Figure(figsize=(WIDTH, height))
                FigureCanvasSVG(figure)
                axes = figure.add_axes((LABELS / WIDTH, FOOT / height, 1 - (LABELS + 0.15) / WIDTH, 1 - FOOT / height))
                _frame(axes, [_shortened(one_line(row.name)) for row in rows], nothing)
                for number, row in enumerate(rows):
                    _strip(axes, row, number)
                text = StringIO()
                figure.savefig(text, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    return inlined(text.getvalue(), INK, words)


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep to itself what matplotlib says of fonts: the page has its own."""
    logger = logging.getLogger("matplotlib")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.setLevel(level)


def _frame(axes: "Axes", names: Sequence[str], nothing: str) -> None:
    ticks = {**TICKS, FIRST: nothing or TICKS[FIRST]}
    axes.set_frame_on(False)
    axes.set_xscale("log")
    axes.set_xlim(FIRST, LAST)
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.set_xticks(list(ticks), list(ticks.values()))
    axes.set_xticks([], minor=True)
    axes.set_yticks(range(len(names)), names)
    axes.tick_params(left=False, bottom=False)
    for second in ticks:
        axes.plot([second, second], [-0.5, len(names) - 0.5], color=INK, linewidth=0.4, alpha=0.35, clip_on=False)


def _strip(axes: "Axes", row: Strip, number: int) -> None:
    xs: list[float] = []
    ys: list[float] = []
    for place in sorted({_place(right) for _, right in row.times}):
        xs += [place, place, math.nan]
        ys += [number - 0.22, number + 0.22, math.nan]
    axes.plot(xs, ys, color=INK, linewidth=0.7, clip_on=False, solid_capstyle="butt")
    low, high = map(_place, row.median)
    axes.plot([low, high], [number, number], color=INK, linewidth=3, clip_on=False, solid_capstyle="butt")
    axes.plot([high, high], [number - 0.4, number + 0.4], color=INK, linewidth=2, clip_on=False, solid_capstyle="butt")


def _shortened(name: str) -> str:
    return name if len(name) <= HEAD + TAIL + 1 else f"{name[:HEAD]}…{name[-TAIL:]}"


def _place(seconds: float) -> float:
    """The nearest place of the axis."""
    share = math.log(min(max(seconds, FIRST), LAST) / FIRST) / math.log(LAST / FIRST)
    return float(FIRST * (LAST / FIRST) ** (round(share * PLACES) / PLACES))

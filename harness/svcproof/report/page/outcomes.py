"""Rows by outcome: what fails first, then what could not be shown, then the rest."""

from collections.abc import Mapping

from svcproof.model.judgement import FAILED, Observed
from svcproof.model.matrix import Row

OUTCOMES: Mapping[str, frozenset[Observed]] = {
    "Failed": FAILED,
    "Weak, or documented as a deviation": frozenset({Observed.WEAK, Observed.DEVIATES}),
    "Could not be shown": frozenset({Observed.UNKNOWN, Observed.UNTESTABLE, Observed.NOT_RUN}),
    "Shown, recorded or not claimed": frozenset({Observed.PASS, Observed.RECORDED, Observed.DECLINED, Observed.NO_RUN}),
}
"""The observations of each group, the loudest first."""


def outcome(row: Row) -> str:
    """The group of a row: that of the loudest of its cells."""
    observed = {cell.observed for cell in row.cells}
    return next(title for title, members in OUTCOMES.items() if observed & members)

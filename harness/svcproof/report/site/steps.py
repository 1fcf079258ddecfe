"""A step of a proxy from one run to the next: what got worse, and what got better, over what both runs show."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from svcproof.model.matrix import Matrix, Row
from svcproof.model.movement import Moved, Movement, movements
from svcproof.report.comparison.words import unlike
from svcproof.report.site.value import Published, Site


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step; `unlike` are sentences on what else the runs do not have in common."""

    earlier: Published
    later: Published
    regressions: tuple[Moved, ...]
    fixed: tuple[Moved, ...]
    lost: tuple[Moved, ...]
    unlike: tuple[str, ...]


def steps_of(site: Site) -> Mapping[str, tuple[Step, ...]]:
    """The steps of each proxy, from the oldest version on."""
    return {
        proxy: tuple(_step(site, earlier, later) for earlier, later in pairwise(runs))
        for proxy, runs in site.proxies.items()
    }


def _step(site: Site, earlier: Published, later: Published) -> Step:
    """The step between two runs; rows that are withdrawn are in none."""
    pair = _pair(site, earlier, later)
    moved = movements(pair)
    return Step(
        earlier=earlier,
        later=later,
        regressions=moved[Movement.REGRESSION],
        fixed=moved[Movement.FIXED],
        lost=moved[Movement.NO_LONGER_SHOWN],
        unlike=tuple(unlike(pair)),
    )


def _pair(site: Site, earlier: Published, later: Published) -> Matrix:
    places = [site.number(published) for published in (earlier, later)]
    rows = (
        Row(behaviour=row.behaviour, cells=tuple(row.cells[place] for place in places))
        for row in site.every.rows
        if not row.withdrawn
    )
    return Matrix(columns=tuple(site.every.columns[place] for place in places), rows=tuple(rows))

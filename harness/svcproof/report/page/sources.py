"""The table of source addresses: on which path backends see the client's own address, and on which another."""

from collections.abc import Mapping
from dataclasses import dataclass

from svcproof.model.matrix import Matrix
from svcproof.model.source_address import Path, SourceSeen, sources

MARKS: Mapping[SourceSeen, tuple[str, str]] = {
    SourceSeen.KEPT: ("=", "own"),
    SourceSeen.NODE: ("→", "node's"),
    SourceSeen.OTHER: ("≠", "another"),
}
"""A glyph and a short word for each."""
SEVERAL = ("±", "both")


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceCell:
    """The address that the backends of one run saw on one path; without a glyph none was seen, or it is not known."""

    glyph: str = ""
    word: str = ""
    probes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRow:
    """One path. `is_promised`: the API promises that the client's own address is seen."""

    path: str
    is_promised: bool
    cells: tuple[SourceCell, ...]


def source_rows(matrix: Matrix) -> tuple[SourceRow, ...]:
    """A row for each path on which a run has shown what its backends see, with a cell for each run."""
    by_run = [sources(column.run) for column in matrix.columns]
    paths = sorted({path for counts in by_run for path in counts})
    return tuple(
        SourceRow(
            path=str(path),
            is_promised=path.kept_by_promise,
            cells=tuple(_cell(counts, path) for counts in by_run),
        )
        for path in paths
    )


def _cell(counts: Mapping[Path, Mapping[SourceSeen, int]], path: Path) -> SourceCell:
    of_path = {seen: number for seen, number in counts.get(path, {}).items() if number}
    if not of_path:
        return SourceCell()
    glyph, word = MARKS[next(iter(of_path))] if len(of_path) == 1 else SEVERAL
    return SourceCell(glyph=glyph, word=word, probes=sum(of_path.values()))

"""The files that a comparison can be written to: one list for `svcproof compare` and `svcproof matrix`."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from urllib.parse import quote

from svcproof.disk import write_or_raise
from svcproof.errors import UsageError
from svcproof.model.evidence import FOLDER
from svcproof.model.matrix import Matrix, with_results
from svcproof.report import page, runfile
from svcproof.report.comparison import markdown, table

SHAPES: Mapping[str, Callable[[Matrix, str], str]] = {
    "html": page.comparison,
    "markdown": markdown.compared,
    "csv": lambda matrix, by: table.compared(matrix),
}
"""The text of each by the name of its option: of a matrix, in groups by `kep`, `area` or `level`."""

AGAINST: Mapping[str, Callable[[Matrix, str], str]] = {
    "html": page.against,
    "markdown": lambda matrix, by: markdown.against(matrix),
}
"""Those that tell, of a matrix of two, what moved from the first run to the second."""


def refuse(files: Mapping[str, Path | None], read: Iterable[Path]) -> None:
    """Raise UsageError, with all mistakes, where files by the names of their options cannot all be written.

    `read` are the runs that are compared, as directories of results or run files: none of them is written over.
    """
    inputs = {_real(place / runfile.NAME if place.is_dir() else place) for place in read}
    if problems := list(_mistakes({f"--{name}": path for name, path in files.items() if path}, inputs)):
        raise UsageError(problems)


def _mistakes(files: Mapping[str, Path], inputs: set[Path]) -> Iterator[str]:
    by_place: dict[Path, str] = {}
    for option, path in files.items():
        place = _real(path)
        other = by_place.setdefault(place, option)
        if other != option:
            yield f"{option} {path} is the file of {other}, too: name another for each"
        if place in inputs or place.name == runfile.NAME:
            yield f"{option} {path} is a run file, which would be lost: name another file"
        if not place.parent.is_dir():
            yield f"{option} {path}: there is no directory {place.parent}"


def _real(path: Path) -> Path:
    """The path without symbolic links, as far as there are no loops of them."""
    return Path(os.path.realpath(path))


def beside(file: Path, matrix: Matrix, places: Mapping[str, Path]) -> Matrix:
    """The matrix as it is shown in a file, from which links lead to the evidence of each run that is there.

    `places` are the runs' directories of results, or run files in them, by the names of the columns.
    """
    folders = {name: runfile.directory_of(_real(place)) for name, place in places.items()}
    start = _real(file).parent
    return with_results(
        matrix,
        {name: _url(folder, start) for name, folder in folders.items() if (folder / FOLDER).is_dir()},
    )


def _url(folder: Path, start: Path) -> str:
    way = Path(os.path.relpath(folder, start)).as_posix()
    return "" if way == "." else f"{quote(os.fsencode(way))}/"


def write(
    files: Mapping[str, Path | None], matrix: Matrix, places: Mapping[str, Path], by: str, *, moved: bool = False
) -> None:
    """Write a comparison to the file of each shape that has one; with `moved`, as the later run against the earlier.

    Raises ProvisionError where one cannot be written.
    """
    shapes = {**SHAPES, **AGAINST} if moved else SHAPES
    for name, path in files.items():
        if path:
            text = shapes[name](beside(path, matrix, places), by)
            write_or_raise(path, text, "name a file in a directory that exists, where this user may write")

"""The files that a comparison can be written to: one table for `svcproof compare` and `svcproof matrix`."""

from collections.abc import Callable, Mapping
from pathlib import Path

from svcproof.disk import write_whole
from svcproof.errors import ProvisionError
from svcproof.model.matrix import Matrix
from svcproof.report import page
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


def write(path: Path, text: str) -> None:
    """Write a comparison to a file, whole or not at all; raises ProvisionError where it cannot be written."""
    try:
        write_whole(path, text.encode())
    except OSError as error:
        what = f"cannot write {path}: {error.strerror}"
        raise ProvisionError(f"{what}; name a file in a directory that exists, where this user may write") from error

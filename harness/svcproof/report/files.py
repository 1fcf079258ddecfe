"""The files of a finished run: what `run` leaves beside its run file, and `recheck` and `merge` make again."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from svcproof.disk import write_or_raise
from svcproof.model.run import Run
from svcproof.model.verdict import Verdict
from svcproof.report import junit, page, pull_request

FILES: Mapping[str, Callable[[Run, Sequence[Verdict]], bytes]] = {
    "junit.xml": junit.content,
    "report.html": page.single,
    "report.md": pull_request.content,
}
"""The content of each by its name: the same run and verdicts give the same bytes."""


def write(directory: Path, run: Run, verdicts: Sequence[Verdict]) -> None:
    """Write them, each in one step: a reader sees the old file, no file, or the whole of the new one.

    Raises ProvisionError if one cannot be written.
    """
    for name, content in FILES.items():
        remedy = "free some space, or allow this user to write there"
        write_or_raise(directory / name, content(run, verdicts), remedy)

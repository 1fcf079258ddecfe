"""The directory of a run's results, known to each process of the run."""

from pathlib import Path

import pytest
from pydantic import TypeAdapter

from svcproof.errors import ProvisionError, SvcproofError
from svcproof.evidence.folder import EvidenceFolder
from svcproof.model.evidence import Evidence
from svcproof.plugin.processes import PLACE, is_worker, leave, left
from svcproof.report.evidence import RUN

ADAPTER: TypeAdapter[Evidence | None] = TypeAdapter(Evidence | None)
RESULTS = pytest.StashKey[Path]()
NAME = "results"
"""The file by which the controlling process tells the others."""


def leave_results(config: pytest.Config, directory: Path) -> None:
    """In the controlling process: tell all processes of the run where results are kept."""
    config.stash[RESULTS] = directory.absolute()
    if PLACE in config.stash:
        leave(config, NAME, str(directory.absolute()).encode())


def results(config: pytest.Config) -> Path | None:
    """The directory; None where nothing is recorded."""
    if RESULTS not in config.stash and is_worker(config) and PLACE in config.stash:
        try:
            config.stash[RESULTS] = Path(left(config, NAME).decode())
        except OSError:
            return None
    return config.stash.get(RESULTS, None)


def kept_texts(config: pytest.Config, error: SvcproofError) -> Evidence | None:
    """The evidence of what keeps the run from going on: the texts of the error, in files; None where it has none."""
    place = results(config)
    if not isinstance(error, ProvisionError) or not error.texts or place is None:
        return None
    folder = EvidenceFolder(place, RUN)
    for title, text in error.texts.items():
        folder.write_text(title, f"{title.replace(' ', '-')}.txt", text)
    return Evidence(files=tuple(folder.files), missing=tuple(folder.missing))


def packed(evidence: Evidence | None) -> str:
    """Evidence as text, on its way to the controlling process."""
    return ADAPTER.dump_json(evidence).decode()


def unpacked(text: str) -> Evidence | None:
    """The evidence that was packed."""
    return ADAPTER.validate_json(text)

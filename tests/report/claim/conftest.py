from dataclasses import replace

import pytest

from svcproof.model.claim import Project
from svcproof.model.run import COMPLETED, Finished
from svcproof.report import runfile

COMPLETE = Finished(at="2026-01-02T03:05:05+00:00", seconds=60.5, why=COMPLETED)


@pytest.fixture
def project():
    return Project(
        organisation="Example", name="Mine", version="1.2.3", url="https://example.org/", contact="me@example.org"
    )


@pytest.fixture
def complete(every_kind, tmp_path):
    """A run of all behaviours of a small suite, with its file, without the fault that it had."""
    header = replace(every_kind.header, faults=())
    runfile.store(replace(every_kind, header=header, finished=COMPLETE), tmp_path / "complete")
    return runfile.load(tmp_path / "complete")


@pytest.fixture
def rewritten(tmp_path):
    """Write a run with changes into a file of its own, all seals anew, and read it."""

    def write(run, **changes):
        place = tmp_path / f"rewritten-{len(list(tmp_path.iterdir()))}"
        runfile.store(replace(run, **changes), place)
        return runfile.load(place)

    return write

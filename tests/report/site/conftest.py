from dataclasses import replace

import pytest

from svcproof.model.run import COMPLETED, Finished
from svcproof.report import runfile
from svcproof.report.site import pages, sources
from svcproof.report.site.value import site

COMPLETE = Finished(at="2026-01-02T03:05:05+00:00", seconds=60.5, why=COMPLETED)
VERSION = "0.1.0"


@pytest.fixture
def publish(every_kind, tmp_path):
    """Put a run into a folder of the collection, with other fields of its header, and other facts."""

    def put(folder, proxy="mine", version="1.2.3", facts=None, **header):
        spec = every_kind.header.proxy.model_copy(update={"name": proxy, "version": version})
        head = replace(every_kind.header, faults=(), proxy=spec, **{"id": folder, **header})
        run = replace(every_kind, header=head, finished=COMPLETE, facts=every_kind.facts if facts is None else facts)
        place = tmp_path / "collected" / folder
        runfile.store(run, place)
        return place

    return put


@pytest.fixture
def collected(tmp_path, every_kind):
    """Read the collection."""
    return lambda: sources.read(tmp_path / "collected", every_kind.behaviours, VERSION)


@pytest.fixture
def made(collected):
    """The files of the site of the collection."""
    return lambda *issues, today=None: pages.files(site(collected(), issues, today))

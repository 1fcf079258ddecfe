"""The processes of one run: the controlling one and, with several workers, those it starts; what they leave each other.

A file in a directory of the run is the way, since xdist brings a worker nothing once it has been started.
"""

import shutil
from pathlib import Path
from typing import Any

import pytest

from harness.errors import ProvisionError
from harness.lab.process import directory

PLACE = pytest.StashKey[Path]()
FIRST_WORKER = "gw0"


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Have a directory that all processes of this run, and nobody else, can read and write."""
    if is_worker(config):
        config.stash[PLACE] = Path(config.workerinput["svcproof_place"])  # type: ignore[attr-defined]
    elif workers(config) > 1 or has_workers(config):
        try:
            config.stash[PLACE] = directory.own()
        except ProvisionError as error:
            raise pytest.UsageError(str(error)) from None
        config.add_cleanup(lambda: shutil.rmtree(config.stash[PLACE]))


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a worker where the directory is."""
    node.workerinput["svcproof_place"] = str(node.config.stash[PLACE])


def is_worker(config: pytest.Config) -> bool:
    """Whether this process is one of several that the controlling one started."""
    return hasattr(config, "workerinput")


def has_workers(config: pytest.Config) -> bool:
    """Whether this process starts others, which make the checks."""
    return not is_worker(config) and bool(getattr(config.option, "numprocesses", None))


def workers(config: pytest.Config) -> int:
    """How many processes make checks."""
    if is_worker(config):
        return int(config.workerinput["workercount"])  # type: ignore[attr-defined]
    return int(getattr(config.option, "numprocesses", None) or 1)


def name(config: pytest.Config) -> str:
    """The name of this process among those that make checks."""
    return str(config.workerinput["workerid"]) if is_worker(config) else FIRST_WORKER  # type: ignore[attr-defined]


def number(config: pytest.Config) -> int:
    """Its number, from 0; one that stands in for a worker that crashed counts on."""
    return int(name(config).removeprefix("gw"))


def leave(config: pytest.Config, what: str, content: bytes) -> None:
    """Leave something for the others under a name."""
    path = config.stash[PLACE] / what
    draft = path.with_suffix(".new")
    draft.write_bytes(content)
    draft.replace(path)


def left(config: pytest.Config, what: str) -> bytes:
    """What another process has left under this name."""
    return (config.stash[PLACE] / what).read_bytes()

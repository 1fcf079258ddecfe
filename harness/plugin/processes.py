"""The processes of one run: the controlling one and, with several workers, those it starts; what they leave each other.

A file in a directory of the run is the way, since xdist brings a worker nothing once it has been started.
"""

import shutil
from pathlib import Path
from typing import Any

import pytest

from harness.errors import ProvisionError
from harness.plugin.refusal import refusal

PLACE = pytest.StashKey[Path]()
NO_PLACE = pytest.StashKey[str]()
"""Why there is no such directory: of interest to a run of behaviours alone, not to whoever else uses xdist."""
FIRST_WORKER = "gw0"


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Have a directory that all processes of this run, and nobody else, can read and write."""
    if is_worker(config):
        given = config.workerinput  # type: ignore[attr-defined]
        if given["svcproof_place"]:
            config.stash[PLACE] = Path(given["svcproof_place"])
        config.stash[NO_PLACE] = given["svcproof_no_place"]
    elif workers(config) > 1 or has_workers(config):
        from harness.lab.process import directory

        try:
            config.stash[PLACE] = directory.own()
        except ProvisionError as error:
            config.stash[NO_PLACE] = str(error)
        else:
            config.add_cleanup(lambda: shutil.rmtree(config.stash[PLACE]))


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a worker where the directory is."""
    node.workerinput["svcproof_place"] = str(node.config.stash.get(PLACE, ""))
    node.workerinput["svcproof_no_place"] = node.config.stash.get(NO_PLACE, "")


def place(config: pytest.Config) -> Path:
    """The directory that the processes of this run share; a UsageError where none could be made."""
    if PLACE not in config.stash:
        raise refusal([config.stash.get(NO_PLACE, "") or "the processes of this run share no directory"])
    return config.stash[PLACE]


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
    path = place(config) / what
    draft = path.with_suffix(".new")
    draft.write_bytes(content)
    draft.replace(path)


def left(config: pytest.Config, what: str) -> bytes:
    """What another process has left under this name."""
    return (place(config) / what).read_bytes()

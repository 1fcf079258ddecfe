"""Checks of several processes on one cluster take turns: one that needs the cluster to itself waits for the others."""

import fcntl
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from svcproof.plugin.collection import BEHAVIOUR
from svcproof.plugin.options import wanted
from svcproof.plugin.processes import is_worker, place

CLUSTER_LOCK = "cluster.lock"
"""A file that whoever makes a check on the shared cluster holds a lock on."""


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Hold the cluster for the time of a check, its setting up and cleaning up included."""
    behaviour = item.stash.get(BEHAVIOUR, None)
    if behaviour is None or not is_worker(item.config) or not wanted(item.config).cluster.shared:
        return (yield)
    with turn(place(item.config), alone=behaviour.alone):
        return (yield)


@contextmanager
def turn(directory: Path, *, alone: bool) -> Iterator[None]:
    """Wait for the cluster, and hold it together with others that do not need it `alone`.

    Everybody passes the door one by one, and who waits for the cluster waits in it: so nobody overtakes.
    """
    with (directory / "door.lock").open("a") as door, (directory / CLUSTER_LOCK).open("a") as cluster:
        fcntl.flock(door, fcntl.LOCK_EX)
        fcntl.flock(cluster, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
        fcntl.flock(door, fcntl.LOCK_UN)
        yield

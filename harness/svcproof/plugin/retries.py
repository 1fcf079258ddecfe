"""Checks that suffered while the machine was starved, tried once more: alone, at the end of the run."""

import fcntl
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import Any, TextIO

import pytest

from svcproof.model.fact import Fact
from svcproof.model.starvation import is_excused
from svcproof.plugin.collection import BEHAVIOUR
from svcproof.plugin.processes import is_worker, place

PENDING = pytest.StashKey[list[pytest.Item]]()
"""The checks of this process that are to be tried once more."""
FIRST = pytest.StashKey[Fact]()
"""The fact of a check's first try, while it is tried once more."""
MAKING = pytest.StashKey[TextIO]()
"""A file that all processes hold a lock on as long as they make checks."""
MAKING_LOCK = "making.lock"


def noted(item: pytest.Item, fact: Fact) -> bool:
    """Note a check whose fact says nothing, the machine being starved; True if it will be tried once more."""
    if fact.retry or not is_excused(fact):
        return False
    item.stash[FIRST] = fact
    pending = item.config.stash.setdefault(PENDING, [])
    if item not in pending:  # Another plugin may have made it several times.
        pending.append(item)
    return True


def first_try(item: pytest.Item) -> tuple[Fact, ...]:
    """The fact of the first try, if the check is now tried once more."""
    is_pending = item in item.config.stash.get(PENDING, [])
    return () if is_pending or FIRST not in item.stash else (item.stash[FIRST],)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_finish(session: pytest.Session) -> None:
    """In one of several processes: say, before any check is made, that this one makes checks."""
    if is_worker(session.config) and any(BEHAVIOUR in item.stash for item in session.items):
        session.config.stash[MAKING] = (place(session.config) / MAKING_LOCK).open("a")
        fcntl.flock(session.config.stash[MAKING], fcntl.LOCK_SH)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Generator[None, None, None]:
    """Keep what the session has, the cluster above all, where the last check has ended and others are tried again."""
    __tracebackhide__ = True  # A traceback of others' tests is not ours to be in.
    if nextitem is None and _due(item.session):
        with _session_kept(item.session):
            yield
    else:
        yield


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> Generator[None, object, object]:
    """Try again what is pending after the last check of this process."""
    result = yield
    if nextitem is None:
        if _due(item.session):
            with _alone(item.config):
                _try_again(item.session)
        elif MAKING in item.config.stash:
            item.config.stash[MAKING].close()
    return result


def _due(session: pytest.Session) -> list[pytest.Item]:
    """The checks to try again; none where the session is to end at once."""
    return [] if session.shouldfail or session.shouldstop else session.config.stash.get(PENDING, [])


def _try_again(session: pytest.Session) -> None:
    while pending := _due(session):
        item = pending.pop(0)
        with _scheduled(session, item):
            item.ihook.pytest_runtest_protocol(item=item, nextitem=pending[0] if pending else None)


@contextmanager
def _alone(config: pytest.Config) -> Iterator[None]:
    """Wait until the other processes have ended their checks, and keep others that try again waiting meanwhile."""
    if MAKING not in config.stash:
        yield
        return
    with config.stash[MAKING] as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def _session_kept(session: pytest.Session) -> Iterator[None]:
    """Hide the session from a teardown that would end everything, its own fixtures too."""
    stack = session._setupstate.stack  # noqa: SLF001
    kept = stack.pop(session)
    try:
        yield
    finally:
        stack[session] = kept


@contextmanager
def _scheduled(session: pytest.Session, item: pytest.Item) -> Iterator[None]:
    """Have xdist, which sends the reports of the check that it has scheduled, take this check for that one."""
    worker: Any = next((plugin for plugin in session.config.pluginmanager.get_plugins() if _schedules(plugin)), None)
    if worker is None:
        yield
        return
    scheduled, worker.item_index = worker.item_index, session.items.index(item)
    try:
        yield
    finally:
        worker.item_index = scheduled


def _schedules(plugin: object) -> bool:
    return type(plugin).__name__ == "WorkerInteractor"

"""The early end of the cluster that a process has to itself: the run is interrupted, or the cluster is gone."""

import signal
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest

from svcproof import interrupts
from svcproof.errors import ProvisionError
from svcproof.model.cluster import Cluster
from svcproof.plugin.ending import EarlyEnd, end_early
from svcproof.plugin.leftovers import DROPPED, clearing_up
from svcproof.plugin.options import wanted

HELD = pytest.StashKey[ExitStack]()
"""Ends the cluster of this process."""
LOOK_EVERY = 0.25


def pytest_configure(config: pytest.Config) -> None:
    """Be told of interrupts."""
    config.pluginmanager.register(Dropping(config), "svcproof-dropping")


class Dropping:
    """Ends a lab before what is in it is removed piece by piece; a cluster that is not ours alone is cleaned up."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config

    @pytest.hookimpl(tryfirst=True)
    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        """End it: the user has interrupted the run, or it cannot go on."""
        interrupts.hold_off()
        _shorten(excinfo)
        config = self._config
        if HELD in config.stash and not wanted(config).cluster.shared:
            config.stash[DROPPED] = True
            with clearing_up(config):
                config.stash[HELD].close()


def _shorten(excinfo: pytest.ExceptionInfo[BaseException]) -> None:
    """Leave little of the traceback, which nobody sees: pytest takes seconds to render it all.

    It fails on frames whose line is None, as that of an interrupted place may be, and on none but that of
    `pytest.exit`, which is hidden.
    """
    excinfo.traceback = excinfo.traceback[-1 if excinfo.errisinstance(KeyboardInterrupt) else -2 :]


@contextmanager
def watched(config: pytest.Config, cluster: Cluster) -> Iterator[None]:
    """End the run as soon as the cluster is gone, whatever the check in progress is waiting for."""
    over = threading.Event()

    def watch() -> None:
        while not over.wait(LOOK_EVERY):
            if why := cluster.gone():
                end_early(config, EarlyEnd(why, ProvisionError.exit_code))
                signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGTERM)
                return

    watching = threading.Thread(target=watch, daemon=True)
    watching.start()
    try:
        yield
    finally:
        over.set()
        watching.join()

"""The processes of one run: the controlling one and, with several workers, those it starts; what they leave each other.

A file in a directory of the run is the way, since xdist brings a worker nothing once it has been started.
"""

import fcntl
import os
import signal
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TextIO

import pytest

from svcproof.disk import remove_tree, write_private
from svcproof.errors import ProvisionError
from svcproof.exit_code import ExitCode
from svcproof.interrupts import deferred
from svcproof.printable import printable

PLACE = pytest.StashKey[Path]()
NO_PLACE = pytest.StashKey[str]()
"""The reason why there is no such directory: of interest to a run of behaviours alone, not to others with xdist."""
RUN = pytest.StashKey[TextIO]()
"""A file that the controlling process has locked for as long as workers are to go on."""
RUN_LOCK = "run.lock"
WORKER = "worker-"
"""A file per worker, named after its process."""
MOST = 8
"""More labs than these wait for the machine, and not for their clusters."""
CHECKS_EACH = 12
"""A process starts and collects in the time that about as many checks take."""
FIRST_WORKER = "gw0"


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Have a directory that all processes of this run, and nobody else, can read and write."""
    if is_worker(config):
        settings = config.workerinput  # type: ignore[attr-defined]
        if settings["svcproof_place"]:
            config.stash[PLACE] = Path(settings["svcproof_place"])
            try:
                leave(config, f"{WORKER}{os.getpid()}", b"")
            except FileNotFoundError:  # The run has ended while this process started: nothing is to do, nobody listens.
                os._exit(ExitCode.INTERRUPTED)
        config.stash[NO_PLACE] = settings["svcproof_no_place"]
    elif workers(config) > 1 or has_workers(config):
        from svcproof.ledger import scratch

        with deferred():
            try:
                config.stash[PLACE] = scratch.own()
            except ProvisionError as error:
                config.stash[NO_PLACE] = str(error)
            else:
                config.add_cleanup(lambda: _clear_up(config))
                config.stash[RUN] = (config.stash[PLACE] / RUN_LOCK).open("w")
                fcntl.flock(config.stash[RUN], fcntl.LOCK_EX)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a worker where the directory is."""
    node.workerinput["svcproof_place"] = str(node.config.stash.get(PLACE, ""))
    node.workerinput["svcproof_no_place"] = node.config.stash.get(NO_PLACE, "")


def refusal(problems: Iterable[str]) -> pytest.UsageError:
    """An error that ends pytest with these lines; it prints them as they are, whatever a terminal would obey."""
    return pytest.UsageError(*map(printable, problems))


def place(config: pytest.Config) -> Path:
    """The directory that the processes of this run share; a UsageError where none could be made."""
    if PLACE not in config.stash:
        raise refusal([config.stash.get(NO_PLACE, "") or "the processes of this run share no directory"])
    return config.stash[PLACE]


def end_workers(config: pytest.Config) -> None:
    """Interrupt all workers at once, those too that have only begun to start; nothing happens where there are none."""
    if RUN in config.stash:
        config.stash[RUN].close()


def end_with_the_run(config: pytest.Config) -> None:
    """In a worker: interrupt this process as soon as the controlling one ends the run, or has ended, however it did."""
    if is_worker(config) and PLACE in config.stash:
        lock = (config.stash[PLACE] / RUN_LOCK).open()
        threading.Thread(target=_interrupt_after, args=[lock], daemon=True).start()


def _interrupt_after(lock: TextIO) -> None:
    with lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
    # What pytest says of a controlling process that no longer listens is for nobody.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGTERM)


def worker_processes(config: pytest.Config) -> frozenset[int]:
    """The process ids of all workers of this run, of those too that have ended; known to the controlling process."""
    if RUN not in config.stash:
        return frozenset()
    return frozenset(int(path.name.removeprefix(WORKER)) for path in config.stash[PLACE].glob(f"{WORKER}*"))


def _clear_up(config: pytest.Config) -> None:
    """Remove what the workers had in common."""
    with deferred():
        end_workers(config)
        remove_tree(config.stash[PLACE])


def is_worker(config: pytest.Config) -> bool:
    """True if this process is one of several that the controlling one started."""
    return hasattr(config, "workerinput")


def has_workers(config: pytest.Config) -> bool:
    """True if this process starts others, which make the checks."""
    return not is_worker(config) and getattr(config.option, "dist", "no") != "no"  # By -n, or by --tx alone.


def workers(config: pytest.Config) -> int:
    """The number of processes that make checks."""
    if is_worker(config):
        return int(config.workerinput["workercount"])  # type: ignore[attr-defined]
    if not has_workers(config):
        return 1
    from xdist.workermanage import parse_tx_spec_config

    return len(parse_tx_spec_config(config))


def fitting(provider: str, checks: int) -> int:
    """The number of processes that pay for so many checks: several where each has a lab, one on any other cluster.

    Checks wait most of their time, so two share a CPU.
    """
    if provider != "lab":
        return 1
    return max(1, min(2 * len(os.sched_getaffinity(0)), MOST, -(-checks // CHECKS_EACH)))


def name(config: pytest.Config) -> str:
    """The name of this process among those that make checks."""
    return str(config.workerinput["workerid"]) if is_worker(config) else FIRST_WORKER  # type: ignore[attr-defined]


def number(config: pytest.Config) -> int:
    """Its number, from 0; one that stands in for a worker that crashed counts on."""
    return int(name(config).removeprefix("gw"))


def leave(config: pytest.Config, what: str, content: bytes) -> None:
    """Leave something for the others under a name."""
    write_private(place(config) / what, content)


def left(config: pytest.Config, what: str) -> bytes:
    """The text that another process has left under this name."""
    return (place(config) / what).read_bytes()

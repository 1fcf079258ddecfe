"""Labs that stay when the command that brought them up has ended: a process of their own keeps each, and logs."""

import json
import os
import shlex
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from svcproof.disk import write_private
from svcproof.errors import ProvisionError, UsageError
from svcproof.lab.directory import Directory
from svcproof.lab.process import leftovers
from svcproof.ledger import Fate, Identity, entries_of, fate, kill, make_part, parsed, scratch
from svcproof.limits import Provision

LOGS = "labs"
"""The part of the state that has their logs, which outlive a lab that ends by itself."""


@dataclass(frozen=True, slots=True)
class Detached:
    """A detached lab that runs."""

    directory: Directory
    keeper: Identity
    log: Path


def running() -> tuple[Detached, ...]:
    """The detached labs of this user, the latest last; raises ProvisionError as `leftovers.alive` does."""
    return tuple(lab for place in leftovers.alive() if (lab := _detached(place)))


def make_log(lab: Directory) -> Path:
    """Return where the keeper of a lab logs, and record it; remove the logs of labs that are no more."""
    folder = make_part(LOGS, "the logs of detached labs")
    for old in entries_of(LOGS):
        if not (scratch.base() / old.stem).exists():
            old.unlink(missing_ok=True)
    log = folder / f"{lab.id}.log"
    write_private(lab.detached, json.dumps({"log": str(log)}))
    return log


def end(lab: Detached) -> None:
    """End a lab by its keeper, which removes all of it; raises ProvisionError where it is not gone in time."""
    kill(lab.keeper, signal.SIGTERM)
    deadline = time.monotonic() + Provision.DETACHED_LAB_ENDED.seconds
    while fate(lab.keeper) is Fate.RUNS:
        if time.monotonic() > deadline:
            raise ProvisionError(
                f"the lab {lab.directory.path} did not end within {Provision.DETACHED_LAB_ENDED.seconds:g} s of "
                f"SIGTERM to process {lab.keeper['pid']}, which keeps it: see {lab.log}; `kill -9` ends that, and "
                "`svcproof clean` removes the rest"
            )
        time.sleep(0.05)
    if lab.directory.path.exists():
        raise ProvisionError(f"the lab has ended, but {lab.directory.path} is still there: see {lab.log}")


@contextmanager
def linked(target: Path | None, lab: Directory) -> Iterator[None]:
    """Have the lab's kubeconfig at a path of the user's, by a link, for the time of the context."""
    if target is None:
        yield
        return
    try:
        if _is_stale(target):
            target.unlink()
        target.symlink_to(lab.kubeconfig)
    except OSError as error:
        raise ProvisionError(f"cannot put the kubeconfig at {target}: {error.strerror}") from error
    try:
        yield
    finally:
        with suppress(OSError):  # It may have been moved or replaced, and is the user's then.
            if target.readlink() == lab.kubeconfig:
                target.unlink()


def check_free(target: Path) -> None:
    """Raise UsageError where a kubeconfig cannot be put at a path: something is there, or its directory is not."""
    if not os.path.lexists(target) or _is_stale(target):
        if not os.access(target.parent, os.W_OK | os.X_OK):
            raise UsageError(f"--kubeconfig {target}: no file can be written in {target.parent}")
        return
    if target.is_symlink() and _leads_to_a_lab(target):
        raise UsageError(
            f"--kubeconfig {target}: it is the kubeconfig of a lab that is there already; choose another path, or end "
            f"that with `svcproof lab down --kubeconfig {shlex.quote(str(target))}`"
        )
    raise UsageError(f"--kubeconfig {target}: it exists and is not a lab's; choose another path, or remove it")


def _is_stale(target: Path) -> bool:
    """True for the link of a lab that is no more."""
    return target.is_symlink() and not target.exists() and _leads_to_a_lab(target)


def _leads_to_a_lab(target: Path) -> bool:
    lab = target.readlink().parent
    return lab.parent.name == scratch.base().name and bool(leftovers.OURS.fullmatch(lab.name))


def _detached(place: Directory) -> Detached | None:
    """The lab of a directory, if it runs detached; it may end while this reads."""
    try:
        log = leftovers.read(place, place.detached).get("log")
        keeper = parsed(leftovers.read(place).get("harness"))
    except FileNotFoundError:
        return None
    return Detached(place, keeper, Path(log)) if keeper and isinstance(log, str) else None

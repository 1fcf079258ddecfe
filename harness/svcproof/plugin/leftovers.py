"""Remnants that a run could not clear up: reported once, at its end; no verdict and no exit code changes."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from svcproof.errors import LeftBehind, SvcproofError, leaves

LEFT = pytest.StashKey[list[str]]()
DROPPED = pytest.StashKey[bool]()
"""Set where the lab was ended before what was in it: that this cannot be cleared up is then no news."""
OUTPUT = "svcproof_left"
FORGIVEN = (SvcproofError, OSError)
"""Errors of clearing up that are not a mistake in a check."""


@contextmanager
def clearing_up(config: pytest.Config) -> Iterator[None]:
    """Keep in words what cannot be cleared up inside, to tell it at the end of the run."""
    try:
        yield
    except* FORGIVEN as several:  # One fixture may not be torn down, or many, such as without an API server.
        keep(config, several)


def keep(config: pytest.Config, error: BaseException) -> None:
    """Keep why something could not be cleared up."""
    kept = config.stash.setdefault(LEFT, [])
    news = [leaf for leaf in leaves(error) if isinstance(leaf, LeftBehind) or DROPPED not in config.stash]
    kept += [str(leaf) for leaf in news if str(leaf) not in kept]
    if hasattr(config, "workeroutput"):
        config.workeroutput[OUTPUT] = kept


def is_forgiven(error: BaseException) -> bool:
    """True if all that went wrong in clearing up is that something could not be removed or put back."""
    return all(isinstance(leaf, FORGIVEN) for leaf in leaves(error))


def left(config: pytest.Config) -> tuple[str, ...]:
    """The reasons for which something was left, each once."""
    kept: list[str] = config.stash.get(LEFT, [])
    return tuple(kept)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take over what a worker has left."""
    kept = node.config.stash.setdefault(LEFT, [])
    kept += [line for line in getattr(node, "workeroutput", {}).get(OUTPUT, ()) if line not in kept]

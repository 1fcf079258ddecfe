"""A run that cannot go on: why, and how it ends without a word against the proxy."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from harness.errors import SvcproofError

OUTPUT = "svcproof_ended"


@dataclass(frozen=True, slots=True)
class Ended:
    """Why the run ended early, and the exit code of the error."""

    why: str
    code: int


EARLY = pytest.StashKey[Ended]()


@contextmanager
def ending(config: pytest.Config) -> Iterator[None]:
    """End the run where what is done inside fails: without it no check can be made."""
    try:
        yield
    except SvcproofError as error:
        config.stash[EARLY] = Ended(str(error), error.exit_code)
        if hasattr(config, "workeroutput"):
            config.workeroutput[OUTPUT] = [str(error), error.exit_code]
        pytest.exit("the run cannot go on")  # Why is told with the results.


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take over why a worker ended early."""
    if told := getattr(node, "workeroutput", {}).get(OUTPUT):
        node.config.stash.setdefault(EARLY, Ended(*told))

"""A run that cannot go on: why, and how it ends without a word against the proxy."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from traceback import format_exception_only
from typing import Any, NoReturn

import pytest

from svcproof import interrupts
from svcproof.errors import ProvisionError, SvcproofError
from svcproof.evidence.redaction import without_secrets
from svcproof.model.evidence import Evidence
from svcproof.plugin.evidence.results import kept_texts, packed, unpacked
from svcproof.plugin.processes import end_with_the_run, end_workers

OUTPUT = "svcproof_ended"


@dataclass(frozen=True, slots=True)
class EarlyEnd:
    """The early end of a run: its reason, the exit code of the error, and what evidence there is of it."""

    why: str
    code: int
    evidence: Evidence | None = None


EARLY = pytest.StashKey[EarlyEnd]()
ALONE = pytest.StashKey[bool]()
"""True where all tests of the session are checks; otherwise it goes on for the others."""
BEFORE = pytest.StashKey[interrupts.Before]()
"""The handlers of signals before the run."""


def pytest_configure(config: pytest.Config) -> None:
    """Take SIGTERM and SIGHUP for an interrupt, as SIGINT: pytest itself would die of them and tear nothing down."""
    config.stash[BEFORE] = interrupts.heed()
    end_with_the_run(config)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Put the handlers back."""
    if BEFORE in config.stash:
        interrupts.restore(config.stash[BEFORE])


def internal_error(error: BaseException) -> str:
    """Say in one line that pytest itself broke, or what is plugged into it; xdist hands on a traceback as a message."""
    first, *others = "".join(format_exception_only(error)).splitlines()
    line = next((line for line in others if not line.startswith(" ")), first) if "Traceback (" in first else first
    return f"svcproof itself broke, or a conftest.py: {line}"


@contextmanager
def ending(config: pytest.Config) -> Iterator[None]:
    """End the run where what is done inside fails: without it nothing can be recorded."""
    try:
        yield
    except SvcproofError as error:
        stop(config, EarlyEnd(str(error), error.exit_code, kept_texts(config, error)))


@contextmanager
def without_cluster(config: pytest.Config) -> Iterator[None]:
    """End the run where what is done inside fails: without a cluster no check can be made.

    Where there are other tests it goes on, and each check is an error: raises SvcproofError, at once after the first.
    """
    if EARLY in config.stash:
        raise ProvisionError(config.stash[EARLY].why)
    if config.stash.get(ALONE, False):
        with ending(config):
            yield
        return
    try:
        yield
    except SvcproofError as error:
        end_early(config, EarlyEnd(str(error), error.exit_code, kept_texts(config, error)))
        raise


def end_early(config: pytest.Config, end: EarlyEnd) -> None:
    """Note why the run ends early, for its results: without secrets, since it may have lines of a log."""
    end = replace(end, why=without_secrets(end.why))
    config.stash[EARLY] = end
    if hasattr(config, "workeroutput"):
        config.workeroutput[OUTPUT] = [end.why, int(end.code), packed(end.evidence)]  # What execnet can send.


def stop(config: pytest.Config, end: EarlyEnd) -> NoReturn:
    """End the run here and now."""
    end_early(config, end)
    pytest.exit(end.why)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take over why a worker ended early, and end the others too."""
    if end := getattr(node, "workeroutput", {}).get(OUTPUT):
        why, code, evidence = end
        early = node.config.stash.setdefault(EARLY, EarlyEnd(why, code, unpacked(evidence)))
        if not node.config.stash.get(ALONE, False):
            return
        end_workers(node.config)
        pytest.exit(early.why)  # xdist would put another worker in the place of this one.

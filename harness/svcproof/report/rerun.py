"""An earlier run whose behaviours that did not hold are run again: which they are, and with which options."""

import os
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from svcproof.declare import names_file
from svcproof.declare.places import BUILTIN
from svcproof.errors import UsageError
from svcproof.model.header import Header
from svcproof.model.options import Options, meaning
from svcproof.model.run import Run
from svcproof.model.verdict import Ruling, Verdict
from svcproof.report import runfile

OPEN = (Ruling.FAIL, Ruling.FLAKY, Ruling.WEAK, Ruling.ERROR, Ruling.BLOCKED, Ruling.NOT_RUN)
"""Rulings on behaviours that may come out otherwise: they did not hold, or were not shown to.

What a proxy documents, does not claim or has recorded, and what a cluster cannot show, is the same the next time.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rerun:
    """An earlier run, the directory of its results, or its run file, and its verdicts that are open."""

    place: Path
    run: Run
    open: tuple[Verdict, ...]

    @property
    def ids(self) -> frozenset[str]:
        """The behaviours to run again."""
        return frozenset(verdict.behaviour.id for verdict in self.open)

    @property
    def header(self) -> Header:
        """The head of the earlier run."""
        return self.run.header

    @property
    def suites(self) -> tuple[str, ...]:
        """The words of its --suite, as they are read from the working directory of now."""
        return tuple(word if word == BUILTIN else self.path(word) for word in self.header.suites)

    def options(self, given: Options) -> Options:
        """Its cluster and its proxy, with the options about them; those that are given take the place of its own.

        Where another cluster is given, its options about the cluster, faults among them, are not taken.
        """
        own = self._options()
        elsewhere = bool(given.cluster or given.kubeconfig or given.context)
        taken: dict[str, Any] = {
            option.name: getattr(own, option.name)
            for option in fields(Options)
            if not getattr(given, option.name)
            and not (elsewhere and (option.name == "cluster" or meaning(option).providers))
        }
        return replace(given, **taken)

    def described(self, selected: Collection[str]) -> str:
        """Say which behaviours are run again: those `selected` of the ones that are open."""
        counts = Counter(verdict.ruling for verdict in self.open if verdict.behaviour.id in selected)
        which = ", ".join(f"{counts[ruling]} {ruling}" for ruling in OPEN if counts[ruling])
        text = f"running again {counts.total()} of {len(self.run.behaviours)} behaviours, from {self.shown}: {which}"
        if missing := sorted(self.ids - set(selected)):
            text += f"\nnot among what is selected now: {', '.join(missing)}"
        return text

    @property
    def nothing(self) -> str:
        """Say that there is nothing to run again."""
        count = len(self.run.behaviours)
        which = f"of its {count} behaviours" if count > 1 else "of its one behaviour"
        return f"nothing to run again from {self.shown}: {which} none failed, broke or was not run"

    @property
    def shown(self) -> str:
        """The place, from the working directory if it is below it."""
        path = os.path.relpath(self.place)
        return str(self.place) if path.startswith(os.pardir) else path

    def _options(self) -> Options:
        header = self.header
        options = Options.read(header.options)
        named: dict[str, Any] = {
            option.name: self.path(getattr(options, option.name))
            for option in fields(Options)
            if meaning(option).file and getattr(options, option.name)
        }
        cluster, proxy = (
            self.path(word) if names_file(word) else word for word in (header.cluster_given, header.proxy_given)
        )
        return replace(options, cluster=cluster, proxy=proxy, faults=header.faults, **named)

    def path(self, word: str) -> str:
        """A path as it was given to the earlier run, which may have been started in another directory."""
        path, directory = Path(word).expanduser(), self.header.directory
        if path.is_absolute() or not directory or Path(directory) == Path.cwd():
            return word
        return os.path.normpath(Path(directory, path))


def load(place: Path) -> Rerun:
    """Read an earlier run, from its directory of results or its run file.

    Raises UsageError where that cannot be read, or does not say which behaviours were selected.
    """
    run = runfile.load(place)
    if not run.behaviours:
        raise UsageError(f"{place}: nothing of this run can be run again: it ended before it selected any behaviour")
    verdicts = tuple(verdict for verdict in run.verdicts() if verdict.ruling in OPEN)
    return Rerun(place=place.resolve(), run=run, open=verdicts)

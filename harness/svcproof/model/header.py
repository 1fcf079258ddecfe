"""The first line of a run file: the cluster, the proxy and the words of a run, from which it can be made again."""

import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from svcproof.model.baseline import Baseline
from svcproof.model.cluster_spec import ClusterSpec
from svcproof.model.criteria import Criteria, words_of
from svcproof.model.options import pytest_words
from svcproof.model.proxy_spec import ProxySpec
from svcproof.model.releases import Releases


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """The head of a run: its cluster, its proxy and its options.

    `started` is UTC in ISO 8601. `cluster_given` and `proxy_given` are the words of the command line, a name or a
    file. `seed` is the order's, where it was random.
    """

    id: str
    """The id of the run, which no other has."""
    started: str
    svcproof: str
    """The version of svcproof that ran."""
    cluster: ClusterSpec
    proxy: ProxySpec
    cluster_given: str
    proxy_given: str
    faults: tuple[str, ...] = ()
    """The faults that were switched on, as `part/name`."""
    profile: str = "full"
    """The profile: `full`, or `core` for what no proxy may leave out."""
    criteria: Criteria = field(default_factory=dict)
    """The criteria by which behaviours were selected, such as `area`, with their values."""
    expression: str = ""
    """The words of -k; empty: it was not there."""
    repeat: int = 1
    """The number of times that each check was made."""
    workers: int = 1
    """The number of processes that made checks."""
    seed: int | None = None
    shard: str = ""
    """The part of the selected behaviours that it ran, as `2/5`; empty: all of them."""
    argv: tuple[str, ...] = ()
    """The arguments with which the run was started."""
    versions: Mapping[str, str] = field(default_factory=dict)
    """Versions known before the cluster is up: of Python, pytest, the kernel."""
    options: tuple[str, ...] = ()
    """More options that name the cluster, such as --kubeconfig."""

    suites: tuple[str, ...] = ()
    """The words of --suite; empty: the built-in suites."""
    suite: str = ""
    """The SHA-256, in hex, of the ids of the selected behaviours, those of all shards, and of their code.

    The code is the source files that hold them, with the conftest.py files and the modules of the suite that these
    import. Runs of the same digest selected the same checks.
    """
    patience: tuple[str, ...] = ()
    """The words of --patience; empty: every limit was as usual."""
    ignore_release: bool = False
    """True if what is younger than the cluster's release, or the proxy's, was checked all the same."""
    directory: str = ""
    """The working directory, from which relative paths among these words lead."""
    again_from: str = ""
    """The id of the earlier run of which this one ran again what did not hold; empty: it is no such run."""
    baseline: Baseline | None = None
    """The failures that were known when it began, which change its exit code and no verdict; None: not told."""

    judging: int = 1
    """The edition of the rules by which verdicts follow from its facts, as the svcproof that ran had it."""

    def releases(self, versions: Mapping[str, str]) -> Releases:
        """The releases that its promises are judged by, where the cluster's components have these versions."""
        return Releases.found(versions, self.proxy.kubernetes, ignored=self.ignore_release)

    @property
    def day(self) -> date:
        """The day on which it began, in UTC."""
        return datetime.fromisoformat(self.started).date()

    @property
    def with_faults(self) -> str:
        """The faults that were switched on, in words after the name of the proxy; empty where there were none."""
        return f" with {', '.join(self.faults)}" if self.faults else ""

    @property
    def command(self) -> str:
        """The command that makes this run again, all shards of it, to paste into a shell."""
        words = [*self._about_the_cluster(), *self._suites()]
        words += [f"--profile={self.profile}"] if self.profile != "full" else []
        words += words_of(self.criteria)
        words += ["-k", self.expression] if self.expression else []
        words += [f"--repeat={self.repeat}"] if self.repeat > 1 else []
        return shlex.join(["svcproof", "run", *words])

    def again(self, behaviour: str, node: str = "") -> str:
        """The command that runs one behaviour of this run again, to paste into a shell.

        `node` is its test's name for pytest, where `svcproof run` does not know of it.
        """
        words = self._about_the_cluster()
        if node:
            ours = [f"--svcproof-{word[2:]}" if word.startswith("--") else word for word in words]
            return shlex.join(["pytest", *pytest_words([node]), *ours])
        return shlex.join(["svcproof", "run", *words, *self._suites(), "-k", behaviour])

    def _about_the_cluster(self) -> list[str]:
        words = ["--cluster", self.cluster_given, "--proxy", self.proxy_given]
        words += [word for fault in self.faults for word in ("--fault", fault)]
        words += self.options
        words += [f"--patience={word}" for word in self.patience]
        return [*words, *(["--ignore-release"] if self.ignore_release else [])]

    def _suites(self) -> list[str]:
        return [word for suite in self.suites for word in ("--suite", suite)]

"""Excuses for bystanders that are wrong: a check that has the cluster to itself, a starved machine, an ended proxy."""

import fcntl
import time
from dataclasses import dataclass

import pytest

from svcproof.machine.counters import Counters
from svcproof.plugin.gate import cluster_trouble, proxy_trouble
from svcproof.plugin.options import wanted
from svcproof.plugin.processes import is_worker, place
from svcproof.plugin.sampling import sampler
from svcproof.plugin.turns import CLUSTER_LOCK
from svcproof.wait.context import convergence


@dataclass(slots=True)
class Excuses:
    """Tells whether something else than a fault of the proxy can be the reason for what bystanders suffer."""

    config: pytest.Config
    alone: bool = False
    """True while a check of this process has the cluster to itself."""
    _counters: Counters | None = None

    def disturbed(self) -> str:
        """The reason why bystanders may be disturbed, now or since this was asked last; empty if they may not."""
        before, self._counters = self._counters, sampler(self.config).read()
        if self.alone or self._others_have_it():
            return "a check has the cluster to itself"
        machine = sampler(self.config).since(before) if before else None
        return f"the machine was starved: {machine}" if machine and machine.starved else ""

    def doubtful(self) -> str:
        """The reason why nothing follows from one that is wrong; empty where the proxy runs and the cluster is well."""
        since = time.monotonic() - convergence()
        return proxy_trouble(self.config, since) or cluster_trouble(self.config)

    def _others_have_it(self) -> bool:
        """True while a check of another process has the cluster to itself."""
        if not is_worker(self.config) or not wanted(self.config).cluster.shared:
            return False
        with (place(self.config) / CLUSTER_LOCK).open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
        return False

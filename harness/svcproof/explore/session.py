"""A search from its options to its end: the cluster brought up, scenarios tried on it, findings written and told."""

import time
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path

from svcproof import providers
from svcproof.explore import files
from svcproof.explore.against import Against
from svcproof.explore.attempts import Attempts
from svcproof.explore.progress import Reporter
from svcproof.explore.search import Finding, Search, Tally
from svcproof.machine import Sampler
from svcproof.model.cluster_spec import ClusterSpec
from svcproof.model.proxy_spec import ProxySpec
from svcproof.replay.stage import stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """The options of a search: its cluster and proxy, its time, its seed."""

    cluster: ClusterSpec
    proxy: ProxySpec
    against: ProxySpec | None = None
    """The proxy that the same is tried on, in a cluster of its own; None: only the rules are the measure."""
    faults: tuple[str, ...]
    minutes: float
    seed: int
    most_steps: int
    most_worlds: int
    side_by_side: int
    results: Path

    @property
    def context(self) -> str:
        """The origin of findings, in words."""
        faults = f" with {', '.join(self.faults)}" if self.faults else ""
        other = f", which does otherwise than {self.against.name}" if self.against else ""
        return f"Found on cluster {self.cluster.name} with proxy {self.proxy.name}{faults}{other}, seed {self.seed}."


def explore(wanted: Wanted, reporter: Reporter) -> Tally:
    """Search, and tell the reporter; each finding is written when it is confirmed, and again when it is smaller.

    Raises ProvisionError or ProbeError where the cluster does not come up or breaks.
    """
    with ExitStack() as until:
        attempts = started(until, wanted, wanted.proxy, wanted.faults, reporter)
        other = started(until, wanted, wanted.against, (), reporter) if wanted.against else None
        side_by_side = min(wanted.side_by_side, attempts.stage.room)
        reporter.begin(side_by_side)

        def keep(finding: Finding) -> None:
            reporter.found(finding, files.write(wanted.results, finding, wanted.context))

        search = Search(
            attempt=Against(attempts, other) if other else attempts,
            seed=wanted.seed,
            most_steps=wanted.most_steps,
            side_by_side=side_by_side,
            may_interrupt=attempts.stage.interrupt is not None,
            renewal=attempts if attempts.stage.interrupt and not other else None,
            until=time.monotonic() + 60 * wanted.minutes,
            most_worlds=wanted.most_worlds,
            told=reporter.tell,
            kept=keep,
        )
        return search.run()


def started(
    until: ExitStack, wanted: Wanted, proxy: ProxySpec, faults: tuple[str, ...], reporter: Reporter
) -> Attempts:
    """Bring a cluster up with this proxy, until the stack is closed, for scenarios to be tried on."""
    provider = providers.find(wanted.cluster.provider)
    cluster = until.enter_context(provider.up(wanted.cluster, proxy, faults=faults, progress=reporter.step))
    place = until.enter_context(stage(cluster, proxy, "explore"))
    return Attempts(place, until.enter_context(closing(Sampler())))

"""A search from its options to its end: the cluster brought up, scenarios tried on it, findings written and told."""

import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from svcproof import providers
from svcproof.explore import files
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
        return f"Found on cluster {self.cluster.name} with proxy {self.proxy.name}{faults}, seed {self.seed}."


def explore(wanted: Wanted, reporter: Reporter) -> Tally:
    """Search, and tell the reporter; each finding is written when it is confirmed, and again when it is smaller.

    Raises ProvisionError or ProbeError where the cluster does not come up or breaks.
    """
    provider = providers.find(wanted.cluster.provider)
    with (
        provider.up(wanted.cluster, wanted.proxy, faults=wanted.faults, progress=reporter.step) as cluster,
        stage(cluster, wanted.proxy, "explore") as place,
        closing(Sampler()) as sampler,
    ):
        side_by_side = min(wanted.side_by_side, place.room)
        reporter.begin(side_by_side)

        def keep(finding: Finding) -> None:
            reporter.found(finding, files.write(wanted.results, finding, wanted.context))

        search = Search(
            attempt=Attempts(place, sampler),
            seed=wanted.seed,
            most_steps=wanted.most_steps,
            side_by_side=side_by_side,
            until=time.monotonic() + 60 * wanted.minutes,
            most_worlds=wanted.most_worlds,
            told=reporter.tell,
            kept=keep,
        )
        return search.run()

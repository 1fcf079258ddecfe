"""The site as one value: its runs in the order of proxy, version and day, and the tables over them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from svcproof.model.claim import Extent
from svcproof.model.known_issue import KnownIssue
from svcproof.model.matrix import Matrix, matrix, with_issues
from svcproof.model.run import COMPLETED, Run
from svcproof.model.version_range import order
from svcproof.printable import clipped
from svcproof.report.comparison.names import unique
from svcproof.report.site.names import file_name
from svcproof.report.site.sources import CheckedClaim, Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A run on the site. `name` is no other's there, and `key` names it in links."""

    name: str
    key: str
    version: str
    run: Run
    packed: bytes
    claim: CheckedClaim | None
    extent: Extent

    @property
    def is_representative(self) -> bool:
        """True if it ran to its end, and selected at least the core."""
        return self.run.why == COMPLETED and self.extent is not Extent.PARTIAL

    @property
    def proxy(self) -> str:
        """The name of the proxy's declaration."""
        return self.run.header.proxy.name

    @property
    def page(self) -> str:
        """The name of the proxy's page, without its folder."""
        return f"{file_name(self.proxy)}.html"

    @property
    def file(self) -> str:
        """The path of the run file on the site."""
        return f"runs/{self.run.digest}.jsonl.gz"


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """All runs; `aligned` are the keys of those that are compared: of the newest suite, the last of each kind."""

    runs: tuple[Published, ...]
    aligned: frozenset[str]
    every: Matrix
    compared: Matrix
    today: date

    def number(self, published: Published) -> int:
        """The number of a run's column in `every`."""
        return self.runs.index(published)

    def newest(self, proxy: str) -> Published:
        """The run that stands for a proxy: the newest version's, if it can be one that says something of the whole."""
        runs = self.proxies[proxy]
        return next((each for each in reversed(runs) if each.is_representative), runs[-1])

    @property
    def proxies(self) -> Mapping[str, tuple[Published, ...]]:
        """The runs of each proxy, from the oldest version on."""
        return {proxy: tuple(runs) for proxy, runs in groupby(self.runs, key=lambda published: published.proxy)}


def site(sources: Sequence[Source], issues: Sequence[KnownIssue], today: date | None = None) -> Site:
    """Make the value of the sources; `today` is the day of the newest run where it is not given."""
    ordered = sorted(sources, key=lambda source: _place(source.run))
    names = unique([clipped(_title(source.run)) for source in ordered])
    runs = tuple(
        Published(
            name=name,
            key=source.run.key,
            version=source.run.proxy_version,
            run=source.run,
            packed=source.packed,
            claim=source.claim,
            extent=source.extent,
        )
        for name, source in zip(names, ordered, strict=True)
    )
    aligned = _aligned(runs)
    return Site(
        runs=runs,
        aligned=frozenset(published.key for published in aligned),
        every=with_issues(matrix({published.name: published.run for published in runs}), issues),
        compared=with_issues(matrix({published.name: published.run for published in aligned}), issues),
        today=today or max(published.run.header.day for published in runs),
    )


def _aligned(runs: Sequence[Published]) -> list[Published]:
    """The newest run of each proxy, version and cluster among those of the newest suite; of a part, if of no more."""
    newest = max(order(published.run.header.svcproof) for published in runs)
    last = {
        (published.proxy, published.version, published.run.header.cluster.name): published
        for published in sorted(runs, key=lambda published: published.is_representative)
        if order(published.run.header.svcproof) == newest
    }
    return [published for published in runs if published in last.values()]


def _title(run: Run) -> str:
    return f"{run.header.proxy.name} {run.proxy_version}".strip()


def _place(run: Run) -> tuple[object, ...]:
    version = run.proxy_version
    return run.header.proxy.name, order(version), version, run.header.started, run.digest

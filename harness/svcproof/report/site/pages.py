"""The files of a site, all of them, as bytes by their path: a pure function of its value."""

from collections.abc import Mapping
from itertools import chain
from typing import Any

from jinja2 import ChoiceLoader, PackageLoader

from svcproof.model.claim import Extent
from svcproof.model.judgement import Observed
from svcproof.model.matrix import Row, count
from svcproof.report import page
from svcproof.report.ci import badge
from svcproof.report.ci.notations import by_shields, notations
from svcproof.report.comparison.words import about, mark, unasked_line
from svcproof.report.page import assets
from svcproof.report.page.faq import MEANINGS, SYMPTOMS
from svcproof.report.page.rendering import environment
from svcproof.report.page.views import columns, groups, why
from svcproof.report.site import data, feed
from svcproof.report.site.names import file_name
from svcproof.report.site.steps import Step, steps_of
from svcproof.report.site.value import Published, Site

STYLES = ("base.css", "marks.css", "issues.css")
"""The styles of the comparison that the site shares."""


class _Pages:
    """The templates and the style of the site."""

    def __init__(self) -> None:
        own = PackageLoader("svcproof.report.site")
        self._environment = environment(ChoiceLoader([own, PackageLoader("svcproof.report.page")]))
        self._environment.filters["file_name"] = file_name
        self._style = f"{assets.joined(STYLES)}\n{own.get_source(self._environment, 'site.css')[0]}"
        # Nothing is loaded but pictures of the site itself, and there is no script.
        self._policy = assets.policy(self._style, "").replace("img-src data:", "img-src 'self'")

    def page(self, template: str, root: str, **values: Any) -> bytes:
        """A page; `root` leads from it to the top of the site."""
        shared = {"root": root, "style": self._style, "policy": self._policy}
        return self._environment.get_template(template).render(**shared, **values).encode()


def files(site: Site, url: str = "") -> Mapping[str, bytes]:
    """Every file of the site; `url` is where it will be, with a slash at its end, empty where that is not known."""
    pages, steps = _Pages(), steps_of(site)
    made = {
        "index.html": _index(pages, site),
        "compare.html": page.comparison(site.compared, "kep").encode(),
        "faq.html": pages.page("faq.html", "", meanings=MEANINGS, symptoms=SYMPTOMS),
        "feed.xml": feed.atom(site, chain.from_iterable(steps.values())),
        "data/index.json": data.index(site),
    }
    if len(site.runs) > len(site.aligned):
        made["all.html"] = page.comparison(site.every, "kep").encode()
    for row in site.every.rows:
        made[f"b/{file_name(row.behaviour.id)}.html"] = _behaviour(pages, site, row)
    for proxy, runs in site.proxies.items():
        made[f"p/{runs[-1].page}"] = _proxy(pages, site, runs, steps[proxy], url)
        newest = site.newest(proxy).run
        latest = badge.badge(newest, newest.verdicts(), site.today)
        made[f"badge/{file_name(proxy)}.json"] = badge.endpoint(latest)
        made[f"badge/{file_name(proxy)}.svg"] = badge.svg(latest)
    return made | {published.file: published.packed for published in site.runs}


def _index(pages: _Pages, site: Site) -> bytes:
    return pages.page(
        "index.html",
        "",
        columns=columns(site.compared),
        promises=groups(site.compared, "kep"),
        unasked=unasked_line(site.compared),
        runs=site.runs,
        about={published.key: about(column) for published, column in zip(site.runs, site.every.columns, strict=True)},
        aligned=site.aligned,
        partial={published.key for published in site.runs if published.extent == Extent.PARTIAL},
        has_older=len(site.runs) > len(site.aligned),
    )


def _behaviour(pages: _Pages, site: Site, row: Row) -> bytes:
    shown = [
        {"published": published, "cell": cell, "why": why(cell), "is_compared": published.key in site.aligned}
        for published, cell in zip(site.runs, row.cells, strict=True)
        if cell.observed is not Observed.NO_RUN
    ]
    return pages.page("behaviour.html", "../", row=row, behaviour=row.behaviour, shown=shown, mark=mark)


def _proxy(pages: _Pages, site: Site, runs: tuple[Published, ...], steps: tuple[Step, ...], url: str) -> bytes:
    numbers = {published.key: site.number(published) for published in runs}
    counts = {key: count(site.every.rows, number) for key, number in numbers.items()}
    descriptions = {key: about(site.every.columns[number]) for key, number in numbers.items()}
    name = file_name(runs[-1].proxy)
    return pages.page(
        "proxy.html",
        "../",
        proxy=runs[-1].proxy,
        title=runs[-1].run.header.proxy.title,
        homepage=runs[-1].run.header.proxy.homepage,
        badge=name,
        notations=notations(f"{url}badge/{name}.svg", f"{url}p/{runs[-1].page}") if url else {},
        by_shields=by_shields(f"{url}badge/{name}.json") if url else "",
        runs=runs,
        counts=counts,
        about=descriptions,
        steps=steps,
        aligned=site.aligned,
        mark=mark,
    )

"""`data/index.json`: the runs of a site for other programs. Keys are only added while `schema` is the same number."""

import json
from typing import Any

from svcproof.model.claim import Extent
from svcproof.model.judgement import Observed
from svcproof.report.site.value import Published, Site

SCHEMA = 1


def index(site: Site) -> bytes:
    """The file; `day` is that of the newest run, so that the same runs give the same bytes."""
    content: dict[str, Any] = {
        "schema": SCHEMA,
        "day": site.today.isoformat(),
        "columns": [_column(site, published) for published in site.runs],
    }
    return (json.dumps(content, indent=1, ensure_ascii=True) + "\n").encode()


def _column(site: Site, published: Published) -> dict[str, Any]:
    number = site.number(published)
    header = published.run.header
    core = [row.cells[number] for row in site.every.rows if row.behaviour.core and not row.withdrawn]
    core = [cell for cell in core if cell.observed is not Observed.NO_RUN]
    is_complete = site.every.columns[number].complete
    has_total = is_complete and published.extent is not Extent.PARTIAL
    return {
        "run": published.run.digest,
        "name": published.name,
        "proxy": published.proxy,
        "version": published.version,
        "cluster": header.cluster.name,
        "kubernetes": published.run.versions.get("kubernetes", ""),
        "svcproof": header.svcproof,
        "started": header.started,
        "complete": is_complete,
        "aligned": published.key in site.aligned,
        "extent": published.extent,
        "core": [sum(cell.observed is Observed.PASS for cell in core), len(core)] if has_total else None,
        "claim": _claim(published),
        "url": published.file,
        "page": f"p/{published.page}",
    }


def _claim(published: Published) -> str:
    if published.claim is None:
        return "none"
    return "does not hold" if published.claim.objections else "holds"

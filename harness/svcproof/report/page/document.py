"""The HTML of the page: several runs side by side, or one run with what failed first."""

import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, PackageLoader

from svcproof.model.judgement import FAILED, TESTED
from svcproof.model.keps import KEPS
from svcproof.model.matrix import Matrix, count, matrix, with_results
from svcproof.model.run import Run
from svcproof.model.verdict import Verdict
from svcproof.printable import one_line
from svcproof.report.comparison.words import ABOUT, GLYPHS, unasked_line
from svcproof.report.page import assets, embedded, movements
from svcproof.report.page.differences import differences
from svcproof.report.page.faq import MEANINGS, SYMPTOMS
from svcproof.report.page.introduction import introduction
from svcproof.report.page.movements import AgainstView
from svcproof.report.page.outcomes import OUTCOMES
from svcproof.report.page.rendering import environment
from svcproof.report.page.sources import source_rows
from svcproof.report.page.views import SHORT, columns, groups, keys
from svcproof.report.pictures import disruptions, figures
from svcproof.report.schema import schema

PLAIN = "!'()*~"
"""Beside letters, digits and -_., what encodeURIComponent of browsers leaves as it is."""
BY = ("kep", "area", "level", "outcome")


def comparison(runs: Matrix, by: str, room: int | None = None) -> str:
    """Runs side by side, rows grouped by `kep`, `area`, `level` or `outcome`; `room` is for what cells open."""
    return _page(runs, by, single=False, room=room)


def against(runs: Matrix, by: str) -> str:
    """The later of two runs against the earlier: what moved, above the two side by side."""
    return _page(runs, by, single=False, moved=movements.against(runs))


def single(run: Run, verdicts: Sequence[Verdict]) -> bytes:
    """One run: what failed and why, then what could not be shown, then the rest."""
    name = run.header.proxy.name
    runs = with_results(matrix({name: run}, {name: verdicts}), {name: ""})
    return _page(runs, "outcome", single=True).encode()


def _page(runs: Matrix, by: str, *, single: bool, moved: AgainstView | None = None, room: int | None = None) -> str:
    style = f"{assets.joined(assets.STYLES)}\n:root {{ --runs: {len(runs.columns)}; }}\n"
    script = assets.joined(assets.SCRIPTS)
    by_key = dict(zip(keys(runs.columns), runs.columns, strict=True))
    words: dict[str, Any] = {
        "glyphs": GLYPHS,
        "short": SHORT,
        "outcomes": {title: sorted(members) for title, members in OUTCOMES.items()},
        "tested": sorted(TESTED),
        "failed": sorted(FAILED),
        "by": by,
        "single": single,
        "bases": {key: column.results for key, column in by_key.items()},
    }
    return (
        _templates()
        .get_template("page.html")
        .render(
            **introduction(runs, single=single, moved=bool(moved)),
            single=single,
            against=moved,
            differences=None if single or moved or len(runs.columns) == 1 else differences(runs),
            by=by,
            groupings=BY,
            columns=columns(runs),
            groups=groups(runs, by),
            promises=groups(runs, "kep"),
            unasked=unasked_line(runs),
            figures=figures(runs),
            disruptions=disruptions(runs),
            source_rows=source_rows(runs),
            totals=[count(runs.rows, number) for number in range(len(runs.columns))],
            areas=sorted({row.behaviour.area for row in runs.rows}),
            about=ABOUT,
            meanings=MEANINGS,
            symptoms=SYMPTOMS,
            glyphs=GLYPHS,
            style=style,
            script=script,
            policy=assets.policy(style, script),
            words=_json(words),
            keps=_json({kep.number: {"title": kep.title, "url": kep.url} for kep in KEPS.values()}),
            schema=_json(embedded.bare_schema(schema())),
            runs=embedded.packed(
                {key: (column.run, runs.judged(number)) for number, (key, column) in enumerate(by_key.items())},
                room,
            ),
        )
    )


def _templates() -> Environment:
    templates = environment(PackageLoader("svcproof.report.page"))
    templates.filters["anchor"] = lambda text: quote(one_line(text), safe=PLAIN)
    return templates


def _json(value: Any) -> str:
    """JSON that may stand in a script element."""
    return json.dumps(value, ensure_ascii=True).replace("<", "\\u003c")

"""A bare page on which a test calls functions of the comparison page: those that read a run and tell of it."""

import base64
import json
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from svcproof.report.comparison.words import GLYPHS
from svcproof.report.page.assets import SCRIPTS, joined
from svcproof.report.page.embedded import bare_schema
from svcproof.report.schema import schema

NAMES = SCRIPTS[: SCRIPTS.index("details.js") + 1]
"""The scripts before those of the table, which want a table."""
CALLED = (
    "readRunFile, sha256, story, again, printable, oneLine, pythonJson, pythonRepr, rounded, details, decidingLooks, "
    "awaited, OBSERVED_WORDS, EXPECTED_WORDS, FINDING_WORDS"
)
HTML = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Functions of the page</title>
<style>:root {{ color-scheme: light dark; background: Canvas; color: CanvasText }}
{style}</style></head><body><main><h1>Functions of the page</h1><h2>Cells</h2></main>
<script type="application/json" id="run-file-schema">{schema}</script>
<script type="application/json" id="words">{words}</script>
<script type="module">{script}
Object.assign(window, {{ {called} }});</script></body></html>"""
READ = """async (text) => {
    try {
        const run = await readRunFile(Uint8Array.from(atob(text), (character) => character.charCodeAt(0)));
        window.run = run;
        return { ids: [...run.behaviours.keys()], complete: run.complete, why: run.why, digest: run.digest,
                 judged: [...run.judged.values()] };
    } catch (error) {
        return { refused: error.message };
    }
}"""
SHOW = """([id, base]) => {
    run.base = base;
    document.querySelector("main").append(details(run, id));
}"""


def write(place: Path) -> Path:
    """Write the page to a file, and return it."""
    script, style = joined(NAMES), joined(("details.css",))
    shape = json.dumps(bare_schema(schema())).replace("<", "\\u003c")
    words = json.dumps({"glyphs": GLYPHS}).replace("<", "\\u003c")
    place.write_text(HTML.format(style=style, schema=shape, words=words, script=script, called=CALLED))
    return place


def read(page: Page, content: bytes) -> Any:
    """Have the page read the bytes of a run file: the run in short, or the reason for which it is refused."""
    return page.evaluate(READ, base64.b64encode(content).decode())


def show(page: Page, behaviour: str, base: str | None = None) -> None:
    """Have the page open the cell of a behaviour in the run that it read last."""
    page.evaluate(SHOW, [behaviour, base])

"""Measure reports of many runs: a page of 600 behaviours in 12 of them, and a run file of a million lines."""

import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from playwright.sync_api import sync_playwright

from svcproof.model.matrix import matrix
from svcproof.report import page, runfile
from tests.pages import chromium
from tests.synthetic.long_run import store_long
from tests.synthetic.runs import runs, stored

BEHAVIOURS, RUNS, LINES = 600, 12, 1_000_000
OPENINGS = 3
Value = TypeVar("Value")
TIMES = """() => {
  const [page] = performance.getEntriesByType("navigation");
  const [paint] = performance.getEntriesByName("first-contentful-paint");
  return [paint.startTime / 1000, page.domContentLoadedEventEnd / 1000];
}"""


def comparison(folder: Path) -> None:
    """Measure the writing of the page, its size, and its opening."""
    several = matrix(stored(runs(BEHAVIOURS, RUNS), folder / "runs"))
    text = timed(f"page of {BEHAVIOURS} x {RUNS} is written in", lambda: page.comparison(several, "kep"), "")
    (file := folder / "page.html").write_text(text)
    say("  its size", f"{len(text.encode()) / 1e6:.2f} MB", "5 MB at most")
    if not chromium.program():
        say("  its opening", "-", chromium.WHY_NOT)
        return
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.program(), chromium_sandbox=False)
        opened = browser.new_page(viewport={"width": 1280, "height": 900})
        paints = [opened.goto(file.as_uri()) and opened.evaluate(TIMES) for _ in range(OPENINGS)]
        say("  something is seen after", f"{min(paint for paint, _ in paints):.2f} s", f"best of {OPENINGS}")
        say("  it can be used after", f"{min(ready for _, ready in paints):.2f} s", "about 1 s")
        filters = opened.get_by_label("only where they differ")
        timed("  only what differs is shown after", filters.check, "")
        cell = opened.locator("tr[data-behaviour]:visible td > button").first
        timed("  a cell opens after", lambda: (cell.click(), opened.locator("#panel .details").wait_for()), "")
        opened.goto(file.as_uri() + "#/")
        columns = opened.locator("#matrix thead th[data-run]")
        stored(runs(BEHAVIOURS, 1, seed=2), folder / "other")
        chooser = opened.locator("#drop input[type=file]")

        def drop() -> None:
            chooser.set_input_files(folder / "other/00/run.jsonl")
            columns.nth(RUNS).wait_for()

        timed("  a dropped run file is a column after", drop, "")
        browser.close()


def long_file(folder: Path) -> None:
    """Measure the reading and judging of a run file of a million lines."""
    path = store_long(folder / "long", LINES)
    size = f"{path.stat().st_size >> 20} MB"
    run = timed(f"run file of {LINES:,} lines is read in", lambda: runfile.load(path), size)
    timed("  and judged in", run.verdicts, f"{len(run.facts):,} facts")


def timed(what: str, action: Callable[[], Value], aside: str) -> Value:
    """Do something, and print how long it took."""
    began = time.monotonic()
    value = action()
    say(what, f"{time.monotonic() - began:.2f} s", aside)
    return value


def say(what: str, figure: str, aside: str) -> None:
    """Print one line of the table."""
    sys.stdout.write(f"{what:42}{figure:>16}   {aside}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    with TemporaryDirectory() as folder:
        comparison(Path(folder))
        long_file(Path(folder))

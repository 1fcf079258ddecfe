"""Readings of a page that is open in a browser."""

from collections import Counter

from playwright.sync_api import Page, expect

VISIBLE = """[...document.querySelectorAll('tr[data-behaviour]')]
  .filter((row) => row.offsetParent !== null).map((row) => row.dataset.behaviour)"""
MARKS = """[...document.querySelectorAll('#matrix td[data-observed]')].map(
  ({ dataset, parentElement }) => [parentElement.dataset.behaviour, dataset.run, dataset.expected, dataset.observed])"""
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def visible(page: Page) -> list[str]:
    """The ids of the rows that are shown, in their order."""
    return page.evaluate(VISIBLE)


def marks(page: Page) -> dict[tuple[str, str], tuple[str, str]]:
    """The marks of each cell, by its behaviour and its run: what was expected, and what was observed."""
    return {(behaviour, run): (expected, observed) for behaviour, run, expected, observed in page.evaluate(MARKS)}


def observed(page: Page) -> Counter[tuple[str, str]]:
    """The number of cells of each run with each observation."""
    return Counter((run, mark) for (_, run), (_, mark) in marks(page).items())


def overflow(page: Page) -> int:
    """The pixels by which the page is wider than its window."""
    return page.evaluate(OVERFLOW)


def opened(page: Page) -> bool:
    """True if the panel is open."""
    return page.locator("#panel").evaluate("panel => panel.open")


def panel_text(page: Page) -> str:
    """The text of the panel, once it has read its run."""
    page.locator("#panel-body .details").wait_for()
    return page.inner_text("#panel-body")


def await_columns(page: Page, number: int) -> None:
    """Wait until the table has so many runs."""
    expect(page.locator("#matrix thead th[data-run]")).to_have_count(number, timeout=120_000)

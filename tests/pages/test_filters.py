"""Filters: which rows are shown, by clicking and by typing; the view is in the address, and comes back from it."""

import pytest

from svcproof.printable import one_line
from tests.pages.reading import visible

pytestmark = pytest.mark.browser


def choice(page, name):
    return page.locator(f"#filters select[name={name}]")


def ids(made, wanted):
    return {one_line(row.behaviour.id) for row in made.matrix.rows if wanted(row)}


FILTERS = {
    "level": (
        lambda page: choice(page, "level").select_option("should"),
        lambda row: row.behaviour.level == "SHOULD",
    ),
    "area": (lambda page: choice(page, "area").select_option("dns"), lambda row: row.behaviour.area == "dns"),
    "observed": (
        lambda page: choice(page, "verdict").select_option("fail"),
        lambda row: any(cell.observed == "fail" for cell in row.cells),
    ),
    "text": (
        lambda page: page.get_by_role("searchbox", name="Text").press_sequentially("DRAINS_udp"),
        lambda row: "drains_udp" in row.behaviour.id,
    ),
    "differences": (lambda page: page.get_by_label("only where they differ").check(), lambda row: row.differs),
}


@pytest.mark.parametrize("name", FILTERS)
def test_a_filter_shows_the_rows_that_it_names_alone(open_page, usual, name):
    use, wanted = FILTERS[name]
    page = open_page(usual.file)

    use(page)

    expected = ids(usual, wanted)
    assert set(visible(page)) == expected
    assert 0 < len(expected) < len(usual.matrix.rows)
    assert page.inner_text("#count") == f"{len(expected)} of {len(usual.matrix.rows)} rows"


@pytest.mark.parametrize("name", FILTERS)
def test_the_address_of_a_view_opens_the_same_view(open_page, usual, name):
    page = open_page(usual.file)
    FILTERS[name][0](page)

    again = open_page(usual.file, page.evaluate("location.hash"))

    assert visible(again) == visible(page)
    assert again.inner_text("#count") == page.inner_text("#count")


def test_filters_are_taken_together_and_all_of_them_back(open_page, usual):
    page = open_page(usual.file)

    for name in ("level", "observed", "differences"):
        FILTERS[name][0](page)
    together = visible(page)
    page.get_by_role("button", name="Show all").click()

    wanted = [FILTERS[name][1] for name in ("level", "observed", "differences")]
    assert set(together) == ids(usual, lambda row: all(is_wanted(row) for is_wanted in wanted))
    assert len(visible(page)) == len(usual.matrix.rows)
    assert page.evaluate("location.hash") in {"", "#/"}


def test_a_filter_that_nothing_meets_says_so_and_is_not_an_empty_page(open_page, usual):
    page = open_page(usual.file)

    page.get_by_role("searchbox", name="Text").fill("no such thing")

    assert visible(page) == []
    assert page.inner_text("#count") == f"0 of {len(usual.matrix.rows)} rows"
    assert page.locator("#matrix thead").is_visible()


@pytest.mark.parametrize("by", ["area", "level", "outcome", "KEP"])
def test_rows_are_grouped_as_the_reader_likes_and_none_is_lost(open_page, usual, by):
    page = open_page(usual.file, "#/?by=level" if by == "KEP" else "")
    before = set(visible(page))

    page.get_by_label(by, exact=True).check()

    assert set(visible(page)) == before
    groups = page.locator("#matrix tbody").evaluate_all("bodies => bodies.map((body) => body.dataset.group)")
    keys = {"area": "area", "level": "level", "KEP": "kep"}
    if by in keys:
        rows = page.locator("tr[data-behaviour]")
        pairs = f"rows => rows.map((row) => [row.closest('tbody').dataset.group, row.dataset.{keys[by]}])"
        of_rows = rows.evaluate_all(pairs)
        assert all(group == value for group, value in of_rows)
    assert len(groups) == len(set(groups))


def test_groups_have_the_same_totals_however_they_are_made(open_page, usual):
    """The server counts the groups of the page as it is made, and the browser those that it makes itself."""
    page = open_page(usual.file)
    totals = "() => [...document.querySelectorAll('#matrix .group')].map((row) => row.innerText.trim())"
    made_by_server = page.evaluate(totals)

    page.get_by_label("level", exact=True).check()
    page.get_by_label("KEP", exact=True).check()

    assert [text.split() for text in page.evaluate(totals)] == [text.split() for text in made_by_server]
